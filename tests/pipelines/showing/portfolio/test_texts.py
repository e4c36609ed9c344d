"""The page without a browser: its words in every language, the order of its lists, the same bytes for the same version."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from markupsafe import escape

from pipelines.contracts import load_contracts
from pipelines.errors import VerifyError
from pipelines.home import Home
from pipelines.settings.portfolio import ACCOUNT_GROUPS
from pipelines.settings.workspace import open_workspace
from pipelines.showing import limits, offline
from pipelines.showing.portfolio import everybody, words
from pipelines.showing.portfolio import page as page_module
from pipelines.showing.portfolio import payload as payload_module
from pipelines.showing.portfolio.page import TEMPLATES, PageContext, waterfall, write_page
from pipelines.showing.portfolio.payload import script_texts
from pipelines.showing.portfolio.query import Limits, read_page
from pipelines.vocabulary import DEFAULT, Text, Voice, catalogue, code_groups, is_known, same, voices
from pipelines.vocabulary.statements import statements
from tests.conftest import REPOSITORY
from tests.pipelines.showing.portfolio.conftest import CONTEXT, FRENCH
from tests.pipelines.showing.portfolio.small_version import build

TEXTS = {key for key in catalogue(DEFAULT) if key.startswith("page.")}


def _files(ending: str) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob(f"*{ending}")))


TEMPLATE, SCRIPT, STYLE = _files(".html.j2"), _files(".js"), _files(".css")
WORDS = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (words, everybody))
ENGLISH, GERMAN = Voice("en"), Voice("de")


def _said(text: Text) -> tuple[str, str]:
    return text.by(GERMAN), text.by(ENGLISH)


def test_every_key_exists_and_is_used(tmp_path: Path) -> None:
    asked = set(re.findall(r"[\"'](page\.[a-z_.0-9]*[a-z0-9])[\"']", TEMPLATE + SCRIPT + WORDS))
    assert asked - TEXTS == set()
    bars = waterfall(read_page(build(tmp_path, crowd=False), Limits()).reconciliation)
    composed = {
        *(f"page.tiles.{tile}" for tile in re.findall(r"tile\(\"(\w+)\"", TEMPLATE)),
        *(f"page.quality.{fact}" for fact in re.findall(r"fact\(.+?, \"(\w+)\", ", TEMPLATE)),
        *(f"page.quality.ledger_{status}" for status in ("reconciled", "difference")),
        *(f"page.quality.reliability_{code}" for code in code_groups()["reliability"].codes),
        *(f"page.abc.amount_{code}" for code in code_groups()["danger"].codes),
        *(f"page.ledger.{bar.name}" for bar in bars),
        *(f"page.moves.{name}" for name in ("growing", "shrinking")),
        "page.stopped.lead.limit",
    }
    assert composed - TEXTS == set()
    assert TEXTS - asked - composed == set()


def test_the_script_gets_every_text_it_asks_for_and_no_other() -> None:
    given = script_texts(ENGLISH)
    asked = set(re.findall(r"\b(?:say|text|line)\((?:facts, )?\"([a-z_.]+)\"", SCRIPT))
    asked |= set(re.findall(r"\"(page\.tried\.[a-z_]+)\"", SCRIPT))
    asked |= set(re.findall(r"data-label=\"([a-z_.]+)\"", TEMPLATE))
    assert asked - given.keys() == set()
    coded = set(re.findall(r"text\(`([a-z_]+)\.\$", SCRIPT))
    assert {"zone", "axis"} == coded
    assert {key for key in given if key.split(".")[0] not in coded} == asked
    quadrants = {f"zone.{zone}.short" for zone in words.quadrants()}
    assert {key for key in given if key.startswith("zone.")} == quadrants


def test_the_script_states_nothing_itself() -> None:
    """What the script has are words beside figures; sentences about a customer are decided, and recorded, in Python."""
    stated = [key for key in script_texts(ENGLISH) if statements().entry(key) and not key.endswith(".short")]
    assert not stated, "say it in pipelines/showing/portfolio/words.py; the script gets the text"


def test_every_code_the_page_names_has_a_word() -> None:
    named = set(
        re.findall(
            r"(?:code|label)\([\"']([a-z_]+)[\"']", TEMPLATE + Path(payload_module.__file__).read_text("utf-8") + WORDS
        )
    )
    groups = code_groups()
    assert named == {
        *(
            "account_group",
            "action",
            "amount",
            "action_reason",
            "campaign_verdict",
            "danger",
            "effect_phase",
            "money_kind",
            "next_step",
            "publication",
            "reconciliation_status",
            "relationship_type",
            "source",
            "task",
            "zone",
            "zone_status",
            "zone_status_reason",
            "customer_type",
        ),
    }
    keys = [f"{groups[group].texts or group}.{code}" for group in named for code in groups[group].codes]
    assert [key for key in keys if not is_known(key)] == []
    assert set(ACCOUNT_GROUPS) <= set(groups["account_group"].codes)
    assert load_contracts().keys() == set(groups["source"].codes)


@pytest.mark.parametrize(
    ("action_reason", "said"),
    [
        ("development", "Zwischen Entwicklung und Schutz steht: Zugang zu Entscheidern."),
        ("provisional", GERMAN.label("action_reason", "provisional")),
        ("protection", GERMAN.label("action_reason", "protection")),
        ("a_rule_of_a_later_release", "a rule of a later release"),
        ("observation", GERMAN.label("observation_rule", "any")),
    ],
)
def test_why_an_action_is_recommended(action_reason: str, said: str, tmp_path: Path) -> None:
    version = build(
        tmp_path,
        extra=f"update mart_portfolio set action_reason = '{action_reason}', blocking_criterion_id = 'access'",
        crowd=False,
    )
    page = read_page(version, Limits())
    assert words.reason(page.details[0], CONTEXT.criteria, page.method).by(GERMAN) == said


@pytest.mark.parametrize(
    ("tenure_years", "said"),
    [
        (0, "die Kundenbeziehung ist jünger als 2 Jahre"),
        (18, "bisher weniger als 5 Rechnungen"),
        (None, GERMAN.label("observation_rule", "unknown")),
    ],
)
def test_observation_names_the_companys_own_rule(tenure_years: int | None, said: str, tmp_path: Path) -> None:
    company = limits.Limits(
        {"zones.new_customer_tenure_years_below": Decimal(2), "zones.new_customer_min_invoices": Decimal(5)}
    )
    version = build(tmp_path, extra="update mart_portfolio set action_reason = 'observation'", crowd=False)
    detail = read_page(version, Limits()).details[0].model_copy(update={"tenure_years": tenure_years})
    assert words.reason(detail, CONTEXT.criteria, company).by(GERMAN) == said


def test_a_code_of_a_later_release_is_shown_as_it_is() -> None:
    assert _said(words.label("zone", "a_new_one")) == ("a new one", "a new one")


def test_a_text_is_a_span_per_language_only_where_they_differ() -> None:
    spans = offline.spans(Text(lambda voice: f"<{voice.language}>"), voices())
    assert spans == '<span lang="en">&lt;en&gt;</span><span lang="de">&lt;de&gt;</span>'
    assert offline.spans(same("<b>"), voices()) == "&lt;b&gt;"


def test_the_words_of_the_company_come_first_then_those_for_the_code() -> None:
    label = words.label("action", "maintain")
    assert _said(words.written(label, en="Visit", de="Besuchen")) == ("Besuchen", "Visit")
    assert _said(words.written(label, en="Visit", de=None)) == ("Visit", "Visit")
    assert _said(words.written(label, en=None, de="Besuchen")) == ("Besuchen", ENGLISH.label("action", "maintain"))
    assert _said(words.written(label, en=None, de="")) == _said(label)


def test_lists_stand_in_the_order_of_the_vocabulary(tmp_path: Path) -> None:
    page = read_page(build(tmp_path, crowd=False), Limits())
    zones, actions = code_groups()["zone"], code_groups()["action"]
    shown = [row.zone for row in page.zones]
    assert shown == [*sorted(shown[:-1], key=zones.place), "lead"]
    assert len(shown) == 7
    listed = [row.recommended_action for row in page.actions]
    assert listed == sorted(listed, key=lambda code: (actions.place(code), code))
    assert [row.account_group for row in page.reconciliation_groups] == ["gross_list_revenue", "cogs"]
    assert words.quadrants() == ("protection", "development", "maintain", "withdrawal")


def test_half_a_third_language_falls_back_to_english(tmp_path: Path, french: Path) -> None:
    spoken = voices(french)
    assert [voice.language for voice in spoken] == ["en", "de", "fr"]
    context = PageContext(company="Probe", catalogues=french)
    html = write_page(build(tmp_path, crowd=False), tmp_path / "page.html", context).read_text(encoding="utf-8")
    assert escape(FRENCH["page.title"]) in html
    assert FRENCH["page.title"] not in html
    assert '<button type="button" data-language="fr" lang="fr" aria-pressed="false">Français</button>' in html
    assert ':root[lang="fr"] body span[lang]:not([lang="fr"])' in html
    english = catalogue(DEFAULT)
    assert f'<span lang="fr">{english["page.tiles.losses"]}</span>' in html
    assert {language: len(re.findall(f'<span lang="{language}">', html)) for language in ("en", "de", "fr")} == {
        **dict.fromkeys(("en", "de", "fr"), len(re.findall('<span lang="en">', html)))
    }
    payload = script_texts(spoken[2])
    assert payload["page.title"] == FRENCH["page.title"]
    assert payload["zone.maintain.short"] == english["zone.maintain.short"]


def test_no_language_is_named_by_the_page_itself() -> None:
    """A language is one catalogue: only the company's own columns (..._en, ..._de) name any."""
    code = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (page_module, words))
    assert (
        re.findall(r"(?i)[\"'](?:de|en)(?:-\w\w)?[\"']|\blang=\"\w|deutsch|english", TEMPLATE + SCRIPT + STYLE + code)
        == []
    )


def test_the_same_version_gives_the_same_bytes(tmp_path: Path) -> None:
    version = build(tmp_path)
    first = write_page(version, tmp_path / "a.html").read_bytes()
    again = write_page(build(tmp_path / "again"), tmp_path / "b.html").read_bytes()
    assert first == again
    changed = build(tmp_path / "changed", extra="update mart_portfolio set net_revenue = net_revenue + 1")
    assert write_page(changed, tmp_path / "c.html").read_bytes() != first


def test_the_page_is_one_file_for_its_owner(tmp_path: Path) -> None:
    target = write_page(build(tmp_path, crowd=False), tmp_path / "reports" / "portfolio.html")
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.stat().st_size < 6_000_000
    assert [path.name for path in target.parent.iterdir()] == ["portfolio.html"]
    head = target.read_text(encoding="utf-8").split("<script", 1)[0]
    assert not re.search(r"(?:src|href)=\"(?!data:)", head)


def test_what_is_no_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="MANIFEST_MISSING"):
        write_page(tmp_path, tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_the_configuration_gives_titles_and_threshold(tmp_path: Path) -> None:
    context = PageContext.of(open_workspace(REPOSITORY / "config", Home.at(tmp_path)))
    assert _said(context.criteria["payment"]) == ("Zahlungsmoral", "Payment morale")
    assert context.threshold == 50
    assert context.company


def test_a_criterion_without_a_title_is_shown_by_its_id() -> None:
    assert _said(words.criterion(CONTEXT.criteria, "order_process")) == ("order process", "order process")
