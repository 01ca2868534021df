"""Which permission opens which page, written by hand from the roles' table (base.access) and what each page is for.

Never read from the views: tests/test_matrix.py holds the two against each other. A page missing here fails, and so does an
entry without a page. `REGISTERS`: for each register its room's word, and which pages it has beyond list, export, views and
selected. `PAGES`: every other page.
"""

READING = ("list", "export", "views", "selected")
REGISTERS = {  # register: (read, edit, further pages that read, pages that change)
    "organizations:partyorganization": ("organizations:read", "organizations:edit", "record find", "edit"),
    "organizations:unit": ("organizations:read", "organizations:edit", "record find", "edit"),
    "organizations:partygroup": ("organizations:read", "organizations:edit", "record find", "add edit"),
    "people:person": ("people:read", "people:edit", "record find reveal", "edit"),
    "people:membership": ("people:read", "people:edit", "record", "edit"),
    "people:appointment": ("people:read", "people:edit", "record", "edit"),
    "people:application": ("people:read", "people:edit", "record", "add edit"),
    "people:statement": ("people:read", "people:edit", "record", "settle"),
    "tasks:task": ("tasks:read", "tasks:edit", "record tell evidence reach", "add edit removed move arrange"),
    "tasks:followup": ("tasks:read", "tasks:edit", "", "send close"),
    "tasks:plan": ("tasks:read", "tasks:edit", "record find", "add edit"),
    "meetings:meeting": ("meetings:read", "meetings:edit", "record", "edit removed"),
    "meetings:talk": ("meetings:read", "meetings:edit", "record", "add edit"),
    "visits:visit": ("visits:read", "visits:edit", "record", "add edit removed"),
    "visits:opinion": ("visits:read", "visits:edit", "record", "edit"),
    "visits:researchtopic": ("visits:read", "visits:edit", "record", "edit"),
    "training:trainingclass": ("training:read", "training:edit", "record find", "edit removed"),
    "training:trainee": ("training:read", "training:edit", "record", "edit"),
    "publicity:brand": ("organizations:read", "organizations:edit", "record find", "add edit removed"),
    "training:studyhours": ("training:read", "training:edit", "record", "add edit"),
    "publicity:article": ("publicity:read", "publicity:edit", "record", "edit removed"),
    "elections:term": ("elections:read", "elections:edit", "record", "add edit"),
    "elections:committeemember": ("elections:read", "elections:edit", "record", "add edit"),
    "mentoring:pair": ("mentoring:read", "mentoring:edit", "record", "edit"),
    "talents:post": ("talents:read", "talents:edit", "record", "edit"),
    "talents:introduction": ("talents:read", "talents:edit", "record", "edit"),
    "talents:tenancy": ("talents:read", "talents:edit", "record", "edit"),
    "cadres:cadre": ("cadres:read", "cadres:edit", "record", "edit"),
    "cadres:reserveentry": ("cadres:read", "cadres:edit", "record", "edit"),
    "cadres:secondment": ("cadres:read", "cadres:edit", "record", "edit"),
    "cadres:merit": ("cadres:read", "cadres:edit", "record reveal", "edit"),
    "cadres:posting": ("cadres:read", "cadres:edit", "record", "add edit"),
    "cadres:archivematerial": ("cadres:read", "cadres:edit", "record", "add edit"),
    "supervision:session": ("supervision:read", "supervision:edit", "record", "edit"),
    "supervision:finding": ("supervision:read", "supervision:edit", "record", "edit"),
    "supervision:problem": ("supervision:read", "supervision:edit", "record", "edit"),
}
PAGES = {
    "everybody": "desk:health desk:calendar-file desk:login desk:provider desk:provider-back",
    "signed-in": "desk:home desk:logout desk:account desk:password desk:factor desk:factor-setup desk:factor-change"
    " desk:session-end desk:first desk:switch-on desk:switch-off desk:roles desk:mark desk:exports desk:exports-ask"
    " desk:own-sees desk:who",
    "regulations:read": "regulations:procedures regulations:procedure regulations:list regulations:papers regulations:paper"
    " regulations:paper-file desk:instrument desk:standards desk:standards-line",
    "regulations:edit": "regulations:paper-add regulations:paper-version regulations:paper-end desk:check desk:check-withdraw"
    " desk:standards-add desk:standards-decide",
    "people:read": "people:by-id",
    "people:edit": "people:links people:link-end",
    "people:corrections": "people:corrections people:correction people:correction-decide people:correction-proof",
    "people:erase": "people:restrictions people:restriction-lift desk:erasures",
    "people:excuse": "desk:excuse desk:excuses desk:excuse-decide",
    "people:own": "desk:own desk:own-reveal desk:own-ask desk:own-copy desk:own-withdraw desk:own-proof",
    "tasks:approve": "tasks:followups-waiting tasks:followup-decide",
    "tasks:edit": "desk:weekly-speaker tasks:find-receiver tasks:begin tasks:find-colleague",
    "tasks:cases": "tasks:cases tasks:case",
    "tasks:carry": "tasks:case-open",
    "supervision:edit": "supervision:problem-close desk:problems desk:problem",
    "meetings:edit": "meetings:record",
    "statistics:read": "statistics:figures statistics:structure statistics:structure-people statistics:structure-export"
    " statistics:figure statistics:figure-facets statistics:figure-export",
    "reports:read": "reports:list reports:text reports:adoptedtext reports:report reports:word reports:evidence",
    "reports:write": "reports:adopt reports:bind reports:back reports:draft reports:day reports:number reports:withdraw",
    "reports:submit": "reports:submit desk:head",
    "intake:read": "intake:drop intake:running intake:batch intake:absent intake:origin",
    "intake:commit": "intake:receive intake:commit intake:undo intake:refused",
    "tasks:read": "desk:weekly",
    "desk:read": "desk:reminders desk:reminders-settings tasks:received tasks:followup tasks:followup-answer"
    " desk:dues desk:calendar desk:calendar-feed desk:dues-export desk:retention desk:search",
    "base:settings": "desk:settings desk:workdays",
    "base:run": "desk:schedule desk:schedule-time",
    "base:accounts": "desk:accounts desk:account-add desk:account-one desk:account-reset desk:account-active"
    " desk:account-unlock desk:account-factor desk:account-link desk:find-place desk:grant-change desk:grant-end"
    " desk:account-sees desk:who-ask",
    "base:approve_grants": "desk:grants-waiting desk:grant-decide",
    "base:approve_exports": "desk:erasures-agree desk:exports-waiting desk:exports-decide",
    "base:trail": "desk:trail desk:trail-export desk:trail-entry",
}
HOUSE = {"base:settings", "base:run", "base:accounts", "base:trail"}  # held for the whole house or not at all
# Pages that name somebody's own grant, request or work: nobody in the matrix has any, so that they are there for no role.
OWN = set(["desk:own-ask", "desk:own-withdraw", "desk:own-proof", "desk:switch-on", "desk:switch-off"])
# Which model the number in an address means, for pages that are no register's.
NUMBERED = {
    "tasks.case": "tasks:case",
    "regulations.paper": "regulations:paper regulations:paper-version regulations:paper-end",
    "regulations.paperversion": "regulations:paper-file",
    "regulations.standardline": "desk:standards-line desk:standards-decide",
    "people.correction": "people:correction people:correction-decide people:correction-proof desk:own-withdraw desk:own-proof",
    "people.exemption": "desk:excuse-decide",
    "people.accountlink": "people:link-end",
    "people.restriction": "people:restriction-lift",
    "reports.adoptedtext": "reports:text reports:adoptedtext reports:bind reports:back reports:draft",
    "reports.report": "reports:report reports:day reports:number reports:withdraw reports:word reports:evidence reports:submit",
    "intake.batch": "intake:batch intake:absent intake:commit intake:undo",
    "intake.stagedfile": "intake:refused",
    "intake.stagedrow": "intake:origin",
    "base.exportrequest": "desk:exports-decide",
    "base.grant": "desk:grant-decide desk:grant-change desk:grant-end desk:switch-on desk:switch-off",
    "base.user": "desk:account-one desk:account-reset desk:account-active desk:account-unlock desk:account-factor"
    " desk:account-link desk:account-sees",
    "people.person": "desk:who",
}
# Addresses that act by POST only: whoever merely goes there is led on, before any record is looked for.
BY_POST = {
    "desk:exports-decide",
    *(f"reports:{page}" for page in ("bind", "back", "draft", "day", "number", "withdraw", "word", "evidence")),
}
HOST = "host"  # works on an empty or a broken home, for whoever stands at the machine; acts for no account
# command: (what it needs, any of several; arguments; what comes of it for whoever may, whole house; the same by a grant
# at one branch that asks for what lies elsewhere). "runs" is exit code 0; "narrow" is what the branch sees; other words are a
# part of the sentence it is refused with; "" is not run, for it would serve, write files or change keys.
COMMANDS = {
    "administrators": ("base:run", [], "", "没有办理此事的权限"),
    "audit": ("base:trail base:run", ["verify"], "runs", "没有办理此事的权限"),
    "backup": ("base:run", ["--out", "{folder}"], "", "没有办理此事的权限"),
    "batches": ("intake:read", [], "runs", "narrow"),
    "commit": ("intake:commit", ["{batch}"], "", "没有批次"),
    "demo": ("base:run", ["--no-serve"], "", "没有办理此事的权限"),
    "doctor": (HOST, [], "", ""),
    "duties": ("desk:read", ["--period", "2023H1", "--scope", "{elsewhere}"], "runs", "看不到代码为"),
    "figure": (
        "statistics:read",
        ["meetings.held", "--period", "2023H1", "--rows", "--scope", "{elsewhere}"],
        "runs",
        "看不到代码为",
    ),
    "figures": ("statistics:read", ["--period", "2023H1", "--scope", "{elsewhere}"], "runs", "看不到代码为"),
    "intake": ("intake:commit", ["{ledger}"], "没有写入任何数据", "没有"),
    "keys": ("base:run", ["status"], "runs", "没有办理此事的权限"),
    "report": (
        "reports:write",
        ["--template", "{text}", "--period", "2023H1", "--out", "{folder}/report.docx", "--scope", "{elsewhere}"],
        "runs",
        "看不到代码为",
    ),
    "restore": (HOST, [], "", ""),
    "retention": ("desk:read", ["--all"], "runs", "narrow"),
    "serve": ("base:run", [], "", "没有办理此事的权限"),
    "settings": ("base:settings", [], "runs", "没有办理此事的权限"),
    "slots": ("reports:read", ["{text}"], "runs", "narrow"),
    "structure": ("statistics:read", ["--by", "sex", "--scope", "{elsewhere}"], "runs", "看不到代码为"),
    "worker": ("base:run", [], "", "没有办理此事的权限"),
    "undo": ("intake:commit", ["{batch}"], "", "没有批次"),
}


def numbered() -> dict[str, str]:
    """For each page that is no register's and names a record, the record's model."""
    return {name: model for model, names in NUMBERED.items() for name in names.split()}


def table() -> dict[str, str]:
    """The permission that opens each page, by the page's name."""
    found = {name: permission for permission, names in PAGES.items() for name in names.split()}
    for register, (read, edit, more, changing) in REGISTERS.items():
        found |= {f"{register}-{page}": read for page in (*READING, *more.split()) if page != "record"}
        found |= {register: read} if "record" in more.split() else {}
        found |= {f"{register}-{page}": edit for page in changing.split()}
    return found
