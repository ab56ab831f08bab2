"""Choices in random order, the same one on every device for the same seed."""

from tests.scenario.dsl import Scenario, xform


def form(parameters: str) -> Scenario:
    return Scenario.from_md(f"""
        | survey |
        |        | type          | name | label | parameters   |
        |        | integer       | seed | Seed  |              |
        |        | select_one ls | a    | A     | {parameters} |
        | choices |
        |        | list_name | name | label |
        |        | ls        | A    | A     |
        |        | ls        | B    | B     |
        |        | ls        | C    | C     |
        |        | ls        | D    | D     |
        |        | ls        | E    | E     |
        |        | ls        | F    | F     |
    """)


def test_a_seed_gives_the_order_of_the_other_clients() -> None:
    assert "".join(form("randomize=true, seed=42").choices_of("a")) == "AFCBDE"


def test_the_seed_may_be_an_answer() -> None:
    s = form("randomize=true, seed=${seed}").answer("seed", 42)
    assert "".join(s.choices_of("a")) == "AFCBDE"
    assert "".join(s.answer("seed", 43).choices_of("a")) != "AFCBDE"


def test_without_a_seed_the_order_stays_while_the_form_is_open() -> None:
    s = form("randomize=true")
    first = s.choices_of("a")
    assert sorted(first) == list("ABCDEF")
    s.answer("seed", 3)
    assert s.choices_of("a") == first


def test_randomize_in_a_calculation() -> None:
    s = Scenario.from_xml(
        xform(
            "<r><n>1</n></r><r><n>2</n></r><r><n>3</n></r><o/>",
            '<bind nodeset="/data/o" calculate="join(\'\', randomize(/data/r/n, 1))"/>',
            '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/n"/></repeat></group>',
        )
    )
    assert sorted(s.answer_of("o")) == ["1", "2", "3"]
    again = s.save_and_reload().answer_of("o")
    assert again == s.answer_of("o")


def test_random_numbers_come_from_the_context() -> None:
    form = """
        | survey |
        |        | type      | name | label | calculation      |
        |        | note      | n    | N     |                  |
        |        | calculate | r    |       | once(random())   |
    """
    one, same, other = (Scenario.from_md(form, seed=seed).answer_of("r") for seed in (1, 1, 2))
    assert one == same != other and 0 <= float(one) < 1
