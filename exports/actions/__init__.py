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
from exports.actions.sweeping import sweep_exports

__all__ = [
    "ExportRequest",
    "ScheduleForm",
    "begin_download",
    "cancel_export",
    "change_schedule",
    "create_schedule",
    "delete_schedule",
    "request_export",
    "run_export",
    "run_schedules",
    "send_export",
    "sweep_exports",
    "switch_schedule",
]
