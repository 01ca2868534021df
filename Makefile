# Each chore has one door; make.py does the work so that Windows needs no make.
PYTHON ?= python3
.PHONY: demo test test-long setup bench lock serve
demo test test-long setup bench lock serve:
	@$(PYTHON) make.py $@
