"""The address of a database, from what an operator writes to what each connection says, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import conninfo

from khue.foundation.postgres import addresses

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
HOSTS = st.one_of(st.sampled_from(["db.example.vn", "10.0.0.7", "::1"]), WORDS.map(lambda name: f"/srv/{name}"))


@given(
    host=HOSTS,
    port=st.integers(1, 65535),
    user=WORDS,
    password=WORDS,
    name=WORDS,
    mode=st.sampled_from(["", "require"]),
)
def test_whatever_a_name_is_made_of_the_address_means_the_same_place(host, port, user, password, name, mode):
    meant = {"host": host, "port": str(port), "user": user, "password": password, "dbname": name}
    meant |= {"sslmode": mode, "sslrootcert": "/srv/our certificates/ca+1.pem"} if mode else {}

    place = addresses.settings_of(conninfo.make_conninfo(**meant), "")

    assert conninfo.conninfo_to_dict(addresses.url_of(place)) == meant
    assert addresses.settings_of(addresses.url_of(place), "") == place
    assert conninfo.conninfo_to_dict(addresses.url_of(place, "other")) == meant | {"dbname": "other"}


def test_an_address_may_ask_for_a_certificate_and_for_options_of_the_server():
    url = "postgresql://khue:x@db.example.vn/khue?sslmode=verify-full&options=-c%20jit%3Doff"

    place = addresses.settings_of(url, "-c role=khue_app", prepare_threshold=1)

    assert place["OPTIONS"] == {
        "application_name": "khue",
        "sslmode": "verify-full",
        "options": "-c jit=off -c role=khue_app -c timezone=UTC",
        "prepare_threshold": 1,
    }


@pytest.mark.parametrize("wrong", ["mysql://khue@db/khue", "db.example.vn", "postgresql://khue@db/khue?sslmod=x"])
def test_what_is_no_address_of_postgresql_is_refused_in_words(wrong):
    with pytest.raises(ValueError, match=r"DATABASE_URL .*postgresql://"):
        addresses.settings_of(wrong, "")
