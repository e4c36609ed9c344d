-- One row per as-of date and claim of the method's texts: does it hold in this company's own data? Two groups of customers and their
-- means, with the size of both. A difference of means, not a test of significance.
{#
    A claim: id, text in both languages, unit, the measure (a number per customer), who is in group A, who in group B, and which
    way the means must differ. Customers of whom either is unknown are in no group. Level 4 of 5 is what the texts call high.
#}
{% set claims = [
    (
        'loyal_customers_buy_more',
        'Loyal customers (level 4 or 5) bring more revenue in 12 months than others',
        'Treue Kunden (Stufe 4 oder 5) bringen in 12 Monaten mehr Umsatz als andere',
        'money', 'net_revenue', 'loyalty_level >= 4', 'loyalty_level < 4', '>'
    ),
    (
        'loyal_customers_pay_better_prices',
        'Loyal customers (level 4 or 5) pay better prices than others: net revenue of list price',
        'Treue Kunden (Stufe 4 oder 5) zahlen bessere Preise als andere: Nettoumsatz vom Listenpreis',
        'ratio', 'price_realisation_ratio', 'loyalty_level >= 4', 'loyalty_level < 4', '>'
    ),
    (
        'small_customers_pay_better_prices',
        'Small customers pay better prices than larger ones: net revenue of list price',
        'Kleinkunden zahlen bessere Preise als größere: Nettoumsatz vom Listenpreis',
        'ratio', 'price_realisation_ratio', 'is_small_customer', 'not is_small_customer', '>'
    ),
    (
        'small_customers_pay_punctually',
        'Small customers pay more punctually than larger ones: days beyond terms',
        'Kleinkunden zahlen pünktlicher als größere: Tage über Zahlungsziel',
        'days', 'weighted_days_beyond_terms', 'is_small_customer', 'not is_small_customer', '<'
    ),
    (
        'fast_payers_earn_more',
        'Customers who pay faster than the average have a better contribution margin',
        'Kunden, die schneller zahlen als der Durchschnitt, haben eine bessere Deckungsbeitragsquote',
        'ratio', 'contribution_4_margin_ratio', 'is_fast_payer', 'not is_fast_payer', '>'
    ),
    (
        'contacted_customers_churn_less',
        'Customers contacted within the planned gap are less often about to leave: share at churn risk',
        'Kunden mit Kontakt innerhalb der geplanten Frist wandern seltener ab: Anteil mit Abwanderungsgefahr',
        'ratio', 'case when churn_risk then 1 else 0 end', 'not contact_gap_breach', 'contact_gap_breach', '<'
    ),
    (
        'satisfied_customers_grow_more',
        'Customers with high satisfaction (level 4 or more) grow more than others: growth on the year before',
        'Sehr zufriedene Kunden (ab Stufe 4) wachsen stärker als andere: Wachstum zum Vorjahr',
        'ratio', 'revenue_yoy', 'satisfaction_level >= 4', 'satisfaction_level < 4', '>'
    ),
    (
        'referrers_are_more_loyal',
        'Customers who recommended us are more loyal than others: loyalty level',
        'Kunden, die uns empfohlen haben, sind treuer als andere: Stufe der Kundentreue',
        'level', 'loyalty_level', 'referrals > 0', 'referrals = 0', '>'
    ),
    (
        'perceived_benefit_pays',
        'Customers who see a high benefit in us (level 4 or more) pay better prices: net revenue of list price',
        'Kunden mit hohem wahrgenommenem Nutzen (ab Stufe 4) zahlen bessere Preise: Nettoumsatz vom Listenpreis',
        'ratio', 'price_realisation_ratio', 'perceived_benefit_level >= 4', 'perceived_benefit_level < 4', '>'
    ),
    (
        'access_wins_wallet',
        'With good access to deciders (level 4 or 5) we have a larger share of wallet',
        'Mit gutem Zugang zu Entscheidern (Stufe 4 oder 5) haben wir einen größeren Lieferanteil',
        'ratio', 'sow_capped_ratio', 'decision_maker_access_level >= 4', 'decision_maker_access_level < 4', '>'
    ),
    (
        'revenue_class_misleads',
        'Ranking by revenue misleads: some class A customers make a loss (group B: classes B and C)',
        'Die Rangfolge nach Umsatz täuscht: Es gibt A-Kunden mit Verlust (Gruppe B: Klassen B und C)',
        'ratio', 'case when contribution_4 < 0 then 1 else 0 end', "abc_class = 'A'", "abc_class <> 'A'", '> 0'
    ),
] %}
with

measures as (
    select * from {{ ref('int_profile__claims') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

sides as (
    {%- for id, en, de, unit, value, in_a, in_b, sign in claims %}
    select
        as_of_date,
        '{{ id }}' as claim_id,
        case when {{ in_a }} then 'a' when {{ in_b }} then 'b' end as side,
        cast({{ value }} as decimal(18, 6)) as value
    from measures
    union all
    {%- endfor %}
    -- Not a mean per customer: shares of the whole, told by the rows of the top fifth and of the others.
    select
        as_of_date,
        'few_customers_bring_most' as claim_id,
        case when is_top_fifth then 'a' else 'b' end as side,
        cast(contribution_4 as decimal(18, 6)) as value
    from measures
),

claims as (
    {%- for id, en, de, unit, value, in_a, in_b, sign in claims %}
    select '{{ id }}' as claim_id, '{{ en }}' as claim_en, '{{ de }}' as claim_de, '{{ unit }}' as claim_unit, '{{ sign }}' as comparison
    union all
    {%- endfor %}
    select
        'few_customers_bring_most' as claim_id,
        'The best fifth of the customers brings at least 80 % of the contribution (A: their share, B: 0.8)' as claim_en,
        'Das beste Fünftel der Kunden bringt mindestens 80 % des Deckungsbeitrags (A: ihr Anteil, B: 0,8)' as claim_de,
        'ratio' as claim_unit,
        '>= 0.8' as comparison
),

dates as (
    select as_of_date from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

summed as (
    select
        as_of_date,
        claim_id,
        {{ whole("count_if(side = 'a')") }} as customers_a,
        {{ whole("count_if(side = 'b')") }} as customers_b,
        sum(case when side = 'a' then value end) as sum_a,
        sum(case when side = 'b' then value end) as sum_b
    from sides
    where side is not null and value is not null
    group by as_of_date, claim_id
),

measured as (
    select
        dates.as_of_date,
        claims.claim_id,
        claims.claim_en,
        claims.claim_de,
        claims.claim_unit,
        claims.comparison,
        coalesce(summed.customers_a, 0) as customers_a,
        coalesce(summed.customers_b, 0) as customers_b,
        case
            when claims.comparison <> '>= 0.8' then {{ ratio(exact_div('summed.sum_a', 'summed.customers_a')) }}
            when summed.sum_a + summed.sum_b > 0 then {{ ratio(exact_div('summed.sum_a', 'summed.sum_a + summed.sum_b')) }}
        end as value_a,
        case
            when claims.comparison <> '>= 0.8' then {{ ratio(exact_div('summed.sum_b', 'summed.customers_b')) }}
            else {{ ratio('0.8') }}
        end as value_b
    from dates
    cross join claims
    left join summed
        on
            dates.as_of_date = summed.as_of_date
            and claims.claim_id = summed.claim_id
),

final as (
    select
        measured.as_of_date,
        measured.claim_id,
        measured.claim_en,
        measured.claim_de,
        measured.claim_unit,
        measured.customers_a,
        measured.customers_b,
        measured.value_a,
        measured.value_b,
        {{ ratio('measured.value_a - measured.value_b') }} as value_difference,
        case measured.comparison
            when '<' then measured.value_a < measured.value_b
            when '>' then measured.value_a > measured.value_b
            when '> 0' then measured.value_a > 0
            else measured.value_a >= measured.value_b
        end as is_claim_true,
        least(measured.customers_a, measured.customers_b) < parameters.claims_small_sample_below as is_small_sample,
        parameters.method_version
    from measured
    cross join parameters
)

select * from final
