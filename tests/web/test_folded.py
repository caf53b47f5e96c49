"""What is long and finished, or one of many, is folded, and what is next stands open."""

import re


def test_a_row_with_many_deadlines_folds_each_of_them_and_opens_the_next(client):
    page = client.get("/frist/skole-off-sluttere-startere").text
    turns = re.findall(r"<details class=\"chain\"( open)?>(.*?)</details>", page, re.DOTALL)
    assert len(turns) > 10
    assert all(counties.count('<th scope="row">') == 15 for _, counties in turns)
    (next_one,) = (counties for opened, counties in turns if opened)
    assert '<summary><time datetime="2026-11-02">' in next_one
    assert "<details" not in client.get("/frist/stat-ssbelev-l1").text.split("Frister</h2>")[1]


def test_a_county_sees_what_is_left_first_and_what_is_finished_folded(client):
    page = client.get("/fylke/46").text
    left, folded = page.split("Det som følges opp her</h2>")[1].split("<details>")
    finished = folded.split("</details>")[0]
    states = re.findall(r"</svg><span>([^<]+)</span>", finished)
    assert f"{len(states)} frister er ferdige" in finished
    assert set(states) <= {"Levert", "Levert etter fristen", "Fritatt", "Ingenting å rapportere"}
    assert ">Levert<" not in left
