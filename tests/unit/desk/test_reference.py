"""A public reference is a ticket's and nobody's guess."""

from __future__ import annotations

from supporttui.desk.reference import link_fits, link_token, number_of, reference_of, references_in


def test_a_reference_names_its_ticket_whatever_the_case(desk):
    reference = reference_of(desk, 1042)
    assert reference.startswith("1042-") and len(reference) == 21
    assert number_of(desk, reference) == number_of(desk, f" {reference.upper()} ") == 1042


def test_another_number_with_the_same_signature_is_nobodys(desk):
    assert number_of(desk, "1043" + reference_of(desk, 1042)[4:]) == 0
    assert number_of(desk, "1042") == number_of(desk, "") == 0


def test_references_are_found_in_subjects_and_message_ids(desk):
    reference = reference_of(desk, 7)
    assert references_in(f"Re: [{reference}] down; <{reference}.12@desk.example>") == (reference,)
    assert references_in(f"x{reference} {reference}y") == ()


def test_a_link_is_for_one_address(desk):
    token = link_token(desk, 7, "Joe@Acme.example")
    assert link_fits(desk, token, 7, "joe@acme.example")
    assert not link_fits(desk, token, 7, "ann@acme.example")
    assert not link_fits(desk, token, 8, "joe@acme.example")
