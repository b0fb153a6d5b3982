from exports.actions.asking import ExportRequest, request_export
from exports.actions.cancelling import cancel_export
from exports.actions.downloading import begin_download
from exports.actions.running import run_export
from exports.actions.scheduling import (
    ScheduleForm,
    change_schedule,
    create_schedule,
    delete_schedule,
    run_schedules,
    switch_schedule,
)
from exports.actions.sending import send_export
from exports.actions.stray_files import delete_stray_exports
from exports.actions.sweeping import sweep_exports

__all__ = [
    "ACTIONS_WITHOUT_EVENT",
    "ExportRequest",
    "ScheduleForm",
    "begin_download",
    "cancel_export",
    "change_schedule",
    "create_schedule",
    "delete_schedule",
    "delete_stray_exports",
    "request_export",
    "run_export",
    "run_schedules",
    "send_export",
    "sweep_exports",
    "switch_schedule",
]

# What only passes on what another action records.
ACTIONS_WITHOUT_EVENT = {"delete_stray_exports": "bytes that nothing ever spoke of"}
