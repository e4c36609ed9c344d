"""The demo company: seeded deliveries as the ERP and the CRM of a German mid-size wholesaler would write them.

Belongs here: what the demo company is like, and its files under `<out>/erp` and `<out>/crm`. Not here: how they are
read (config/sources.yml) and what the right results are (computed on the tests' side).
"""

from pipelines.demo.plan import DemoPlan, DemoSummary, WrittenFile
from pipelines.demo.write import write_demo

__all__ = ["DemoPlan", "DemoSummary", "WrittenFile", "write_demo"]
