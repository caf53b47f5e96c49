"""The sign-in file: read whole or not at all, and every fault with its line and remedy."""

import pytest

from scheduler.access.roles import Grant, Role
from scheduler.settings import SettingsError
from web.access.providers import read_providers

RIGHT = """\
providers:
  - id: feide
    name: Feide
    issuer: https://auth.dataporten.no
    client_id: x
    client_secret_file: SECRET
    userinfo: true
    roles:
      - claim: entitlement
        value: urn:46
        role: county
        county: "46"
      - {claim: entitlement, value: "urn:alt", role: coordinator}
"""


@pytest.fixture
def write(tmp_path):
    (tmp_path / "secret").write_text("s", encoding="utf-8")

    def put(text):
        path = tmp_path / "sign-in.yaml"
        path.write_text(text.replace("SECRET", str(tmp_path / "secret")), encoding="utf-8")
        return path

    return put


def test_claims_give_the_roles_of_their_rules_and_no_others(write):
    (feide,) = read_providers(write(RIGHT))
    assert feide.secret == "s"
    assert feide.grants({"entitlement": ["urn:46", "urn:47"]}) == {Grant(Role.COUNTY, "46")}
    assert feide.grants({"entitlement": "urn:alt"}) == {Grant(Role.COORDINATOR)}
    for nothing in ({}, {"entitlement": None}, {"entitlement": 46}, {"groups": ["urn:46"]}):
        assert feide.grants(nothing) == frozenset()


def test_without_a_file_nobody_else_vouches_for_anybody():
    assert read_providers(None) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: feide", "id: Feide!", ":2: providers.0.id kan bare ha a–z"),
        ("id: feide", "id: local", ":2: providers.0.id kan ikke være «local»"),
        ("https://auth", "http://auth", ":4: providers.0.issuer må begynne med https://"),
        ("    client_id: x\n", "", "client_id mangler"),
        ("userinfo", "user_info", ":7: providers.0.user_info er ikke et felt her"),
        ("role: county", "role: konge", ":11: providers.0.roles.0.role må være en av"),
        ('        county: "46"\n', "", "Rollen county gjelder ett fylke"),
        ("role: coordinator", 'role: coordinator, county: "46"', "gjelder hele landet"),
        ("client_secret_file: SECRET", "client_secret_file: /finnes/ikke", "kan ikke lese /finnes"),
        ("    userinfo: true\n", "    scopes: [profile]\n", ":7: providers.0.scopes må ha openid"),
        ("providers:", "providers: [", ":"),
    ],
)
def test_a_fault_is_told_with_its_line_and_remedy(write, old, new, said):
    assert old in RIGHT
    with pytest.raises(SettingsError) as error:
        read_providers(write(RIGHT.replace(old, new)))
    assert "sign-in.yaml" in str(error.value)
    assert said in str(error.value)


def test_two_providers_of_one_name_and_a_file_that_is_not_there_are_faults(write, tmp_path):
    with pytest.raises(SettingsError, match="to tilbydere heter «feide»"):
        read_providers(write(RIGHT + RIGHT.removeprefix("providers:\n")))
    with pytest.raises(SettingsError, match="AARSHJUL_SIGN_IN: kan ikke lese"):
        read_providers(tmp_path / "ingen.yaml")
