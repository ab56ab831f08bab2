"""Keys and records: what is secret, who may read it, and how anybody can check who wrote it.

age*            the age v1 file format, readable by the ordinary `age` command
record*         signed, compressed, padded, sealed records, and every reason to refuse one
attachment      photos and files, sealed once to an identity that the record carries
device          a device's two secret keys
keyslot         a store key locked with a passphrase
wordlist        six-word fingerprints and passphrases
sharing         a key split among people
selftest        whether this platform is good enough
primitives      the few functions everything is made of
"""
