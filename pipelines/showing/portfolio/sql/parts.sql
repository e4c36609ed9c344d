select
    detailed.detail_number,
    fct_criterion_score.axis,
    fct_criterion_score.criterion_id,
    fct_criterion_score.criterion_name_en,
    fct_criterion_score.criterion_name_de,
    fct_criterion_score.level,
    fct_criterion_score.weight_points,
    fct_criterion_score.points,
    fct_criterion_score.is_imputed,
from fct_criterion_score
inner join detailed using (ultimate_parent_id)
where
    fct_criterion_score.as_of_date = (select as_of_date from page_date)
    and fct_criterion_score.axis in ('potential', 'attractiveness')
order by
    detailed.detail_number,
    fct_criterion_score.axis desc,
    fct_criterion_score.weight_points desc,
    fct_criterion_score.criterion_id
