"""Addresses of the tasks' room."""

from django.urls import path

from zugong.base.access import Permission
from zugong.tasks import casepages, followpages, views
from zugong.tasks.followpages import FOLLOW_UPS
from zugong.tasks.views import PLANS, TASKS
from zugong.ui.pages import page
from zugong.ui.urls import addresses

app_name = "tasks"
read, edit = page(Permission.TASKS_READ), page(Permission.TASKS_EDIT)
at_desk, approve = page(Permission.DESK_READ), page(Permission.FOLLOW_UPS_APPROVE)
see_cases, carry_cases = page(Permission.CASES_READ), page(Permission.CASES_EDIT)
urlpatterns = [
    path("cases/", see_cases(casepages.cases), name="cases"),
    path("cases/open/", carry_cases(casepages.open_page), name="case-open"),
    path("cases/<int:pk>/", see_cases(casepages.case), name="case"),
    path("tasks/begin/", edit(views.begin), name="begin"),
    path("tasks/find-colleague/", edit(views.find_colleague), name="find-colleague"),
    path("followups/send/", edit(followpages.send), name="followup-send"),
    path("followups/find-receiver/", edit(followpages.find_receiver), name="find-receiver"),
    path("followups/received/", at_desk(followpages.received), name="received"),
    path("followups/waiting/", approve(followpages.waiting), name="followups-waiting"),
    path("followups/<int:pk>/", at_desk(followpages.follow_up), name="followup"),
    path("followups/<int:pk>/answer/", at_desk(followpages.answer), name="followup-answer"),
    path("followups/<int:pk>/close/", edit(followpages.close), name="followup-close"),
    path("followups/<int:pk>/decide/", approve(followpages.decide), name="followup-decide"),
    *addresses(TASKS, PLANS, FOLLOW_UPS),
    path("tasks/<int:pk>/", read(views.task), name="task"),
    path("tasks/<int:pk>/move/", edit(views.move), name="task-move"),
    path("tasks/<int:pk>/arrange/", edit(views.arrange), name="task-arrange"),
    path("tasks/<int:pk>/tell/", read(views.tell), name="task-tell"),
    path("tasks/<int:pk>/evidence/", read(views.evidence), name="task-evidence"),
    path("tasks/<int:pk>/reach/", read(views.reach), name="task-reach"),
]
