"""Exports nobody has mapped yet, for tests of the first configuration. Belongs here: their text; not here: what comes of them."""

from __future__ import annotations

from pathlib import Path

CUSTOMERS = "Kd.-Nr.;Firma;Ort;Land\n" + "".join(
    f"{10000 + n};{name} GmbH;Köln;DE\n" for n, name in enumerate(("Adler", "Bär", "Müller", "Groß"), 1)
)


def lines(*, months: int = 24) -> str:
    """Two lines a month and customer, a credit note now and then; no cost, no line numbers, the last day is no month's end."""
    rows = ["Beleg;Belegdatum;Kd.-Nr.;Artikel;Menge;Nettobetrag"]
    for month in range(months):
        day = f"{5 + month % 20:02}.{month % 12 + 1:02}.{2023 + month // 12}"
        for number in range(1, 5):
            is_credit = month % 12 == 3 and number == 2
            document, sign = (f"{'GS' if is_credit else 'RE'}-{month:02}{number}", "-" if is_credit else "")
            for line in range(2):
                rows.append(
                    f"{document};{day};{10000 + number};A-{100 + line};{sign}{number};{sign}{number}.{230 + month},50"
                )
    return "\n".join(rows) + "\n"


def two_files(directory: Path, encoding: str = "cp1252") -> Path:
    """A list of customers and a list of invoice lines, as a German spreadsheet writes them."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "Kundenliste.csv").write_text(CUSTOMERS, encoding=encoding)
    (directory / "Umsatz 2024.csv").write_text(lines(), encoding=encoding)
    return directory


def day_files(directory: Path) -> Path:
    """One English file a day, times with the day, ids with .0 behind them, some lines of nobody, no list of customers."""
    directory.mkdir(parents=True, exist_ok=True)
    header = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    for day in range(1, 8):
        rows = [
            f"5363{day}{n},S{n},{n},2024-03-0{day} 08:2{n}:00,2.5{n},{'' if n == 3 else f'1785{n}.0'},Norway"
            for n in range(1, 6)
        ]
        rows.append(f"C5363{day}9,S1,-1,2024-03-0{day} 09:00:00,2.51,17851.0,Norway")
        (directory / f"2024-03-0{day}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return directory


def header_and_lines(directory: Path) -> Path:
    """Documents and their lines in two files, products with a price list, as an English ERP exports them."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = {
        "Customers.csv": ["customerNumber,customerName,country", *(f"{100 + n},Shop {n},US" for n in range(6))],
        "Orders.csv": [
            "orderNumber,orderDate,status,customerNumber",
            *(
                f"{500 + n},2024-0{n % 9 + 1}-15,{'Cancelled' if n == 7 else 'Shipped'},{100 + n % 6}"
                for n in range(20)
            ),
        ],
        "OrderDetails.csv": [
            "orderNumber,productCode,quantityOrdered,priceEach,orderLineNumber",
            *(f"{500 + n},S{line},{10 + n},{20 + line}.25,{line}" for n in range(20) for line in (1, 2)),
        ],
        "Products.csv": ["productCode,productName,productLine,buyPrice", "S1,Car,Cars,11.50", "S2,Plane,Planes,12.10"],
    }
    for name, rows in texts.items():
        (directory / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return directory
