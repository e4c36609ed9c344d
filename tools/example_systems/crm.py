"""Four CRM systems: the same accounts, activities and opportunities as each exports them.

Belongs here: Salesforce (data export), HubSpot (export of companies and deals, interface for activities), Dynamics 365 Sales (Web API),
Pipedrive (export of lists). Salesforce, HubSpot's interface and Dynamics write times in UTC, the others in the user's zone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tools.example_systems.business import ACCOUNTS, ACTIVITIES, OPPORTUNITIES, REPS, Account, Activity, Opportunity
from tools.example_systems.written import Row, delimited, names

ZONE: Final = ZoneInfo("Europe/Berlin")
_UTC: Final = ZoneInfo("UTC")


def utc(moment: datetime, pattern: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """A moment of the company's zone in UTC."""
    return moment.replace(tzinfo=ZONE).astimezone(_UTC).strftime(pattern)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30))


def _end(activity: Activity) -> datetime:
    return activity.moment + timedelta(minutes=activity.minutes or 0)


# --- Salesforce ------------------------------------------------------------------------------------------------------


def salesforce() -> dict[str, bytes]:
    """One file an object, fields by their names, everything quoted."""
    objects: Mapping[str, Callable[[], Iterator[Row]]] = {
        "Account": _sf_accounts,
        "Contact": _sf_contacts,
        "Opportunity": _sf_opportunities,
        "OpportunityContactRole": _sf_roles,
        "Task": _sf_tasks,
        "Event": _sf_events,
    }
    return {
        f"{name}.csv": delimited(rows(), ",", newline="\n", quoted="all").encode("utf-8")
        for name, rows in objects.items()
    }


def sf_id(prefix: str, position: int) -> str:
    """An id of 18 signs; its first three tell the object."""
    return f"{prefix}5g00000{position:05}AAA"


def _sf_time(moment: datetime) -> str:
    return utc(moment, "%Y-%m-%dT%H:%M:%S.000Z")


def _sf_accounts() -> Iterator[Row]:
    yield names(
        "Id IsDeleted Name Type ParentId BillingCity BillingCountry AccountNumber Industry OwnerId CreatedDate LastActivityDate"
    )
    for each in ACCOUNTS:
        kind = "Customer - Direct" if each.number else "Prospect"
        yield [
            sf_id("001", each.position), "false", each.name, kind, "", "", each.country, each.number or "", "Manufacturing",
            sf_id("005", each.owner), _sf_time(_morning(each.created)), "",
        ]  # fmt: skip
    yield [
        sf_id("001", 99),
        "true",
        "Doppelt angelegt",
        "Prospect",
        *[""] * 5,
        sf_id("005", 1),
        _sf_time(_morning(date(2025, 3, 3))),
        "",
    ]


def _sf_contacts() -> Iterator[Row]:
    yield names("Id IsDeleted AccountId LastName FirstName Title OwnerId CreatedDate")
    people = (("Köhler", "Jana", "Einkauf", 1), ("Ödön", "Béla", "Geschäftsführung", 3), ("Groß", "Uwe", "Technik", 8))
    for position, (last, first, title, account) in enumerate(people, 1):
        created = _sf_time(_morning(ACCOUNTS[account - 1].created))
        yield [sf_id("003", position), "false", sf_id("001", account), last, first, title, sf_id("005", 1), created]


def _sf_roles() -> Iterator[Row]:
    yield names("Id OpportunityId ContactId Role IsPrimary CreatedDate IsDeleted")
    for position, (opportunity, contact, role) in enumerate(
        ((1, 1, "Economic Buyer"), (2, 2, "Decision Maker"), (3, 3, "Evaluator")), 1
    ):
        created = _sf_time(_morning(OPPORTUNITIES[opportunity - 1].created))
        yield [sf_id("00K", position), sf_id("006", opportunity), sf_id("003", contact), role, "true", created, "false"]


SF_STAGES: Final = {
    "qualification": "Qualification",
    "proposal": "Proposal/Price Quote",
    "negotiation": "Negotiation/Review",
    "won": "Closed Won",
    "lost": "Closed Lost",
}


def _sf_opportunities() -> Iterator[Row]:
    """CloseDate is when it was closed, or is expected to be."""
    yield names(
        "Id IsDeleted AccountId Name StageName Amount Probability CloseDate Type IsClosed IsWon OwnerId CreatedDate"
    )
    for each in OPPORTUNITIES:
        is_closed, is_won = (str(said).lower() for said in (each.closed is not None, each.stage == "won"))
        yield [
            sf_id("006", each.position), "false", sf_id("001", each.account.position), each.name, SF_STAGES[each.stage], each.amount,
            50, each.closed or each.expected, "", is_closed, is_won, sf_id("005", each.account.owner),
            _sf_time(_morning(each.created)),
        ]  # fmt: skip


def _sf_tasks() -> Iterator[Row]:
    """Calls and e-mails; ActivityDate is a day, CompletedDateTime a moment. The last one is still to be done."""
    yield names(
        "Id WhoId WhatId Subject ActivityDate Status Priority OwnerId IsDeleted AccountId IsClosed CreatedDate CallDurationInSeconds",
        "CallType TaskSubtype CompletedDateTime",
    )
    for each in ACTIVITIES:
        if each.kind != "visit":
            who = sf_id("003", 1) if each.account.position == 1 else ""
            seconds = each.minutes * 60 if each.minutes is not None else ""
            kind = each.kind.capitalize()
            yield [
                sf_id("00T", each.position), who, "", f"{kind}: {each.account.name}", each.moment.date(), "Completed", "Normal",
                sf_id("005", each.rep), "false", sf_id("001", each.account.position), "true", _sf_time(each.recorded), seconds,
                "Outbound" if kind == "Call" else "", kind, _sf_time(each.moment),
            ]  # fmt: skip
    yield [
        sf_id("00T", 99), "", "", "Rückruf", "2026-01-12", "Not Started", "Normal", sf_id("005", 1), "false", sf_id("001", 1), "false",
        _sf_time(datetime(2025, 12, 18, 9, 0)), "", "", "Call", "",  # noqa: DTZ001 - of the company's zone
    ]  # fmt: skip


def _sf_events() -> Iterator[Row]:
    yield names(
        "Id WhoId WhatId Subject Location IsAllDayEvent ActivityDateTime ActivityDate DurationInMinutes StartDateTime EndDateTime",
        "AccountId OwnerId IsDeleted EventSubtype CreatedDate",
    )
    for each in ACTIVITIES:
        if each.kind == "visit":
            begun = _sf_time(each.moment)
            yield [
                sf_id("00U", each.position), "", "", f"Besuch bei {each.account.name}", "", "false", begun, each.moment.date(),
                each.minutes, begun, _sf_time(_end(each)), sf_id("001", each.account.position), sf_id("005", each.rep), "false",
                "Event", _sf_time(each.recorded),
            ]  # fmt: skip


# --- HubSpot ---------------------------------------------------------------------------------------------------------


def hubspot() -> dict[str, bytes]:
    """Companies and deals as the export of their lists, activities as the interface gives them: an object a line."""
    tables = {"companies": _hs_companies(), "deals": _hs_deals()}
    exports = {
        f"{name}.csv": delimited(rows, ",", newline="\n", quoted="all").encode("utf-8-sig")
        for name, rows in tables.items()
    }
    kinds = {"visit": "meetings", "call": "calls", "email": "emails"}
    activities = {
        f"{name}.jsonl": "".join(
            json.dumps(_hs_activity(each), ensure_ascii=False) + "\n" for each in ACTIVITIES if each.kind == kind
        ).encode("utf-8")
        for kind, name in kinds.items()
    }
    return {**exports, **activities}


def hs_id(account: Account) -> str:
    """The record id of a company."""
    return str(9_100_000_000 + account.position)


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _hs_companies() -> Iterator[Row]:
    """The number in the ERP is a property the company made for itself."""
    yield [
        "Record ID", "Company name", "Company Domain Name", "Company owner", "Create Date", "Last Activity Date", "City",
        "Country/Region", "Industry", "Lifecycle Stage", "Lead Status", "Kundennummer",
    ]  # fmt: skip
    for each in ACCOUNTS:
        stage, status = ("Customer", "") if each.number else ("Lead", "Unqualified" if each.position == 9 else "Open")
        yield [
            hs_id(each), each.name, "", REPS[each.owner], _minute(_morning(each.created)), "", "", each.country, "MACHINERY", stage,
            status, each.number or "",
        ]  # fmt: skip


HS_STAGES: Final = {
    "qualification": "Qualified To Buy",
    "proposal": "Presentation Scheduled",
    "negotiation": "Contract Sent",
    "won": "Closed Won",
    "lost": "Closed Lost",
}


def _hs_deals() -> Iterator[Row]:
    yield [
        "Record ID", "Deal Name", "Pipeline", "Deal Stage", "Amount", "Close Date", "Create Date", "Deal owner",
        "Associated Company (Primary)", "Associated Company IDs (Primary)",
    ]  # fmt: skip
    for each in OPPORTUNITIES:
        yield [
            8_200_000_000 + each.position, each.name, "Sales Pipeline", HS_STAGES[each.stage], f"{each.amount.normalize():f}",
            _minute(datetime.combine(each.closed or each.expected, time(16, 0))), _minute(_morning(each.created)),
            REPS[each.account.owner], each.account.name, hs_id(each.account),
        ]  # fmt: skip


def _hs_activity(each: Activity) -> Mapping[str, object]:
    begun, kind = utc(each.moment), {"visit": "meeting", "call": "call", "email": "email"}[each.kind]
    kinds: dict[str, dict[str, str | None]] = {
        "call": {
            "hs_call_title": f"Anruf {each.account.name}",
            "hs_call_duration": None if each.minutes is None else str(each.minutes * 60_000),
            "hs_call_status": "COMPLETED",
        },
        "meeting": {
            "hs_meeting_title": f"Besuch {each.account.name}",
            "hs_meeting_start_time": begun,
            "hs_meeting_end_time": utc(_end(each)),
            "hs_meeting_outcome": "COMPLETED",
        },
        "email": {"hs_email_subject": "Angebot", "hs_email_direction": "EMAIL"},
    }
    return {
        "id": str(7_300_000_000 + each.position),
        "properties": {
            **kinds[kind],
            "hs_createdate": utc(each.recorded),
            "hs_object_id": str(7_300_000_000 + each.position),
            "hs_timestamp": begun,
            "hubspot_owner_id": str(60_000_000 + each.rep),
        },
        "createdAt": utc(each.recorded),
        "updatedAt": utc(each.recorded),
        "archived": False,
        "associations": {"companies": {"results": [{"id": hs_id(each.account), "type": f"{kind}_to_company"}]}},
    }


# --- Dynamics 365 Sales ----------------------------------------------------------------------------------------------


def dynamics() -> dict[str, bytes]:
    """Tables as the Web API gives their rows: an object a line."""
    tables: Mapping[str, Iterator[Mapping[str, object]]] = {
        "accounts": map(_dyn_account, ACCOUNTS),
        "opportunities": map(_dyn_opportunity, OPPORTUNITIES),
        "activitypointers": _dyn_activities(),
    }
    return {
        f"{name}.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8")
        for name, rows in tables.items()
    }


def guid(table: int, position: int) -> str:
    """The key of a row."""
    return f"{table:08x}-5c1e-ee11-9cbe-{position:012x}"


_ACCOUNT, _OPPORTUNITY, _ACTIVITY, _USER, _CURRENCY = range(0x1000, 0x6000, 0x1000)


def _dyn_account(each: Account) -> Mapping[str, object]:
    return {
        "@odata.etag": f'W/"{4400 + each.position}"',
        "accountid": guid(_ACCOUNT, each.position),
        "name": each.name,
        "accountnumber": str(each.number) if each.number else None,
        "address1_country": each.country,
        "customertypecode": 3 if each.number else 8,
        "statecode": 0,
        "_ownerid_value": guid(_USER, each.owner),
        "createdon": utc(_morning(each.created)),
    }


DYN_STAGES: Final = {
    "qualification": "1-Qualify",
    "proposal": "3-Propose",
    "negotiation": "3-Propose",
    "won": "4-Close",
    "lost": "4-Close",
}


def _dyn_opportunity(each: Opportunity) -> Mapping[str, object]:
    """estimatedclosedate and actualclosedate are days; a won one has the value it was won with."""
    return {
        "@odata.etag": f'W/"{5500 + each.position}"',
        "opportunityid": guid(_OPPORTUNITY, each.position),
        "name": each.name,
        "_parentaccountid_value": guid(_ACCOUNT, each.account.position),
        "_customerid_value": guid(_ACCOUNT, each.account.position),
        "estimatedvalue": float(each.amount),
        "actualvalue": float(each.amount) if each.stage == "won" else None,
        "estimatedclosedate": each.expected.isoformat(),
        "actualclosedate": each.closed.isoformat() if each.closed else None,
        "stepname": DYN_STAGES[each.stage],
        "statecode": {"won": 1, "lost": 2}.get(each.stage, 0),
        "_transactioncurrencyid_value": guid(_CURRENCY, 1),
        "_ownerid_value": guid(_USER, each.account.owner),
        "createdon": utc(_morning(each.created)),
    }


def _dyn_activities() -> Iterator[Mapping[str, object]]:
    """Appointments, phone calls and e-mails in one table; the first one of the opportunity's account is about the opportunity. The last
    one is still open."""
    kinds = {"visit": "appointment", "call": "phonecall", "email": "email"}
    for each in ACTIVITIES:
        is_about_opportunity = each.account == OPPORTUNITIES[2].account and each.kind == "visit"
        table, target = (_OPPORTUNITY, 3) if is_about_opportunity else (_ACCOUNT, each.account.position)
        yield {
            "@odata.etag": f'W/"{6600 + each.position}"',
            "activityid": guid(_ACTIVITY, each.position),
            "activitytypecode": kinds[each.kind],
            "subject": f"{each.kind} {each.account.name}",
            "_regardingobjectid_value": guid(table, target),
            "_regardingobjectid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "opportunity"
            if is_about_opportunity
            else "account",
            "scheduledstart": utc(each.moment) if each.kind == "visit" else None,
            "actualstart": None if each.kind == "visit" else utc(each.moment),
            "actualend": utc(_end(each)),
            "actualdurationminutes": each.minutes,
            "statecode": 1,
            "_ownerid_value": guid(_USER, each.rep),
            "createdon": utc(each.recorded),
        }
    yield {
        "@odata.etag": 'W/"6699"',
        "activityid": guid(_ACTIVITY, 99),
        "activitytypecode": "task",
        "subject": "Rückruf",
        "_regardingobjectid_value": guid(_ACCOUNT, 1),
        "_regardingobjectid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
        "scheduledstart": None,
        "actualstart": None,
        "actualend": None,
        "actualdurationminutes": None,
        "statecode": 0,
        "_ownerid_value": guid(_USER, 1),
        "createdon": "2025-12-18T08:00:00Z",
    }


# --- Pipedrive -------------------------------------------------------------------------------------------------------


def pipedrive() -> dict[str, bytes]:
    """The lists as they are exported: every name says whose field it is."""
    tables = {"organizations": _pd_organizations(), "deals": _pd_deals(), "activities": _pd_activities()}
    return {f"{name}.csv": delimited(rows, ",", newline="\n").encode("utf-8") for name, rows in tables.items()}


def _second(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _pd_organizations() -> Iterator[Row]:
    """The number in the ERP is a field the company made for itself."""
    yield [
        "Organization - ID", "Organization - Name", "Organization - Owner", "Organization - Organization created",
        "Organization - Address", "Organization - Country of Address", "Organization - Kundennummer",
    ]  # fmt: skip
    for each in ACCOUNTS:
        yield [
            each.position,
            each.name,
            REPS[each.owner],
            _second(_morning(each.created)),
            "",
            each.country,
            each.number or "",
        ]


PD_STAGES: Final = {
    "qualification": "Qualified",
    "proposal": "Proposal Made",
    "negotiation": "Negotiations Started",
    "won": "Negotiations Started",
    "lost": "Proposal Made",
}


def _pd_deals() -> Iterator[Row]:
    """A deal names its organization; its status says whether it is open, its stage where it was last."""
    yield [
        "Deal - ID", "Deal - Title", "Deal - Organization", "Deal - Value", "Deal - Currency", "Deal - Pipeline", "Deal - Stage",
        "Deal - Status", "Deal - Owner", "Deal - Deal created", "Deal - Expected close date", "Deal - Won time", "Deal - Lost time",
    ]  # fmt: skip
    for each in OPPORTUNITIES:
        status = each.stage if each.closed else "open"
        ended = _second(datetime.combine(each.closed, time(16, 0))) if each.closed else ""
        yield [
            each.position, each.name, each.account.name, each.amount, "EUR", "Pipeline", PD_STAGES[each.stage], status.capitalize(),
            REPS[each.account.owner], _second(_morning(each.created)), each.expected, ended if status == "won" else "",
            ended if status == "lost" else "",
        ]  # fmt: skip


def _pd_activities() -> Iterator[Row]:
    """Day, time and duration (hh:mm) stand apart; what is not done yet stands in the same list."""
    yield [
        "Activity - ID", "Activity - Type", "Activity - Subject", "Activity - Due date", "Activity - Due time", "Activity - Duration",
        "Activity - Done", "Activity - Organization", "Activity - Assigned to user", "Activity - Add time",
    ]  # fmt: skip
    kinds = {"visit": "Meeting", "call": "Call", "email": "Email"}
    for each in ACTIVITIES:
        spent = "" if each.minutes is None else f"{each.minutes // 60:02}:{each.minutes % 60:02}"
        yield [
            each.position, kinds[each.kind], f"{kinds[each.kind]} {each.account.name}", each.moment.date(), f"{each.moment:%H:%M}",
            spent, "Done", each.account.name, REPS[each.rep], _second(each.recorded),
        ]  # fmt: skip
    yield [99, "Call", "Rückruf", "2026-01-12", "10:00", "", "To do", ACCOUNTS[0].name, REPS[1], "2025-12-18 09:00:00"]
