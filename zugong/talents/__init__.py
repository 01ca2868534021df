"""人才的门：需求计划和岗位、引进、人才公寓。
The office that keeps demand plans and posts, introductions, tenancies, benefits, projects and services.
Words: demand plan 需求计划, post 岗位, introduction 引进, tenancy 人才公寓入住. Rests on the county's own talent policy."""
