"""前台：工作台、登录、命令行，把各科室的事摆到一张桌上。
The front desk: home, worklist, registers, the command line. Words: workbench 工作台, duty 应办事项."""
