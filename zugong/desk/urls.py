"""Addresses of the front desk."""

from django.urls import path

from zugong.base.access import Permission
from zugong.desk import (
    auditing,
    erasepages,
    granting,
    guarding,
    instruments,
    leaving,
    lines,
    ownpages,
    problempages,
    provider,
    roletable,
    screen,
    seeingpages,
    signing,
    views,
)
from zugong.desk.background.views import job_time, schedule
from zugong.desk.upkeep.views import periods
from zugong.ui.pages import Audience, page

everybody, signed_in = page(Audience.EVERYBODY), page(Audience.SIGNED_IN)
settle, manage = page(Permission.SETTINGS_CHANGE), page(Permission.ACCOUNTS_MANAGE)
own, audit = page(Permission.OWN_READ), page(Permission.TRAIL_READ)
approve = page(Permission.GRANTS_APPROVE)
rules, revise = page(Permission.REGULATIONS_READ), page(Permission.REGULATIONS_EDIT)
app_name = "desk"
urlpatterns = [
    path("", signed_in(views.home), name="home"),
    path("dues/", page(Permission.DESK_READ)(views.dues), name="dues"),
    path("problems/", page(Permission.SUPERVISION_EDIT)(problempages.listed), name="problems"),
    path("problems/one/", page(Permission.SUPERVISION_EDIT)(problempages.one), name="problem"),
    path("dues/export/", page(Permission.DESK_READ)(views.dues_export), name="dues-export"),
    path("health/", everybody(views.health), name="health"),
    path("login/", everybody(signing.Login.as_view()), name="login"),
    path("login/provider/", everybody(provider.ask), name="provider"),
    path("login/provider/back/", everybody(provider.back), name="provider-back"),
    path("logout/", signed_in(signing.leave), name="logout"),
    path("account/", signed_in(signing.account), name="account"),
    path("account/password/", signed_in(signing.password), name="password"),
    path("own/", own(ownpages.own), name="own"),
    path("own/reveal/", own(ownpages.reveal), name="own-reveal"),
    path("own/ask/", own(ownpages.ask), name="own-ask"),
    path("own/copy/", own(ownpages.copy), name="own-copy"),
    path("own/corrections/<int:pk>/withdraw/", own(ownpages.withdraw), name="own-withdraw"),
    path("own/corrections/<int:pk>/proof/", own(ownpages.proof), name="own-proof"),
    path("account/code/", signed_in(signing.factor), name="factor"),
    path("account/factor/", signed_in(signing.factor_setup), name="factor-setup"),
    path("account/factor/change/", signed_in(signing.factor_change), name="factor-change"),
    path("account/sessions/end/", signed_in(signing.session_end), name="session-end"),
    path("erasures/", page(Permission.PEOPLE_ERASE)(erasepages.erasures), name="erasures"),
    path("erasures/agree/", page(Permission.EXPORTS_APPROVE)(erasepages.to_agree), name="erasures-agree"),
    path("roles/", signed_in(roletable.roles), name="roles"),
    path("account/sees/", signed_in(seeingpages.own_sees), name="own-sees"),
    path("who/<str:register>/<int:pk>/", signed_in(seeingpages.who), name="who"),
    path("first/", signed_in(views.first), name="first"),
    path("mark.svg", signed_in(screen.mark), name="mark"),
    path("exports/", signed_in(leaving.own), name="exports"),
    path("exports/ask/", signed_in(leaving.ask), name="exports-ask"),
    path("exports/waiting/", page(Permission.EXPORTS_APPROVE)(leaving.waiting), name="exports-waiting"),
    path("exports/<int:pk>/decide/", page(Permission.EXPORTS_APPROVE)(leaving.decide), name="exports-decide"),
    path("retention/", page(Permission.DESK_READ)(periods), name="retention"),
    path("regulations/instruments/<str:key>/", rules(instruments.instrument), name="instrument"),
    path("regulations/check/<str:key>/", revise(instruments.check), name="check"),
    path("regulations/check/<str:key>/withdraw/", revise(instruments.check_withdraw), name="check-withdraw"),
    path("regulations/standards/", rules(lines.standards), name="standards"),
    path("regulations/standards/add/<str:key>/", revise(lines.add), name="standards-add"),
    path("regulations/standards/<int:pk>/", rules(lines.line), name="standards-line"),
    path("regulations/standards/<int:pk>/decide/", revise(lines.decide), name="standards-decide"),
    path("search/", page(Permission.DESK_READ)(views.search), name="search"),
    path("system/settings/", settle(views.settings), name="settings"),
    path("system/schedule/", page(Permission.SYSTEM_RUN)(schedule), name="schedule"),
    path("system/schedule/<str:name>/", page(Permission.SYSTEM_RUN)(job_time), name="schedule-time"),
    path("system/accounts/", manage(granting.account_list), name="accounts"),
    path("system/accounts/add/", manage(granting.account_add), name="account-add"),
    path("system/accounts/<int:pk>/", manage(granting.account_one), name="account-one"),
    path("system/accounts/who/", manage(seeingpages.who_ask), name="who-ask"),
    path("system/accounts/<int:pk>/sees/", manage(seeingpages.sees), name="account-sees"),
    path("system/accounts/<int:pk>/reset/", manage(granting.account_reset), name="account-reset"),
    path("system/accounts/<int:pk>/active/", manage(granting.account_active), name="account-active"),
    path("system/accounts/<int:pk>/unlock/", manage(guarding.account_unlock), name="account-unlock"),
    path("system/accounts/<int:pk>/factor/", manage(guarding.account_factor), name="account-factor"),
    path("system/accounts/<int:pk>/link/", manage(guarding.account_link), name="account-link"),
    path("system/find-place/", manage(granting.find_place), name="find-place"),
    path("system/grants/<int:pk>/change/", manage(granting.grant_change), name="grant-change"),
    path("system/grants/waiting/", approve(granting.grants_waiting), name="grants-waiting"),
    path("system/grants/<int:pk>/decide/", approve(granting.grant_decide), name="grant-decide"),
    path("account/grants/<int:pk>/on/", signed_in(granting.switch_on), name="switch-on"),
    path("account/grants/<int:pk>/off/", signed_in(granting.switch_off), name="switch-off"),
    path("system/grants/<int:pk>/end/", manage(granting.grant_end), name="grant-end"),
    path("system/trail/", audit(auditing.trail), name="trail"),
    path("system/trail/export/", audit(auditing.trail_export), name="trail-export"),
    path("system/trail/<int:number>/", audit(auditing.trail_entry), name="trail-entry"),
]
