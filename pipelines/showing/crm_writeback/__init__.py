"""Writing back into a CRM: zone, next action and next product group by account, in the CRM's own column names, as files it imports.

Belongs here: what each CRM calls what (systems), what changed since the last time (read), the files (write). Not here: any rule (the mart
crm_writeback holds the result), talking to a CRM: whoever may import there does.
"""

from __future__ import annotations

from pipelines.showing.crm_writeback.read import Row, Writeback, read_writeback
from pipelines.showing.crm_writeback.systems import System, system_called, systems
from pipelines.showing.crm_writeback.write import Written, write

__all__ = ["Row", "System", "Writeback", "Written", "read_writeback", "system_called", "systems", "write"]
