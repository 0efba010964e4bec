-- The whole language 2026.11: the verdict on each lead of crm.leads.
-- As of 2026-11-20T12:00:00Z: a constant. Write the query anew for another moment.
-- Columns read of the leads: id, objects (boolean), whole (integer), precise (decimal(12, 4)), plain (double),
-- employees (number), industry (text), company (text), job_title (text), email_domain (text), interests (list),
-- seen_at (timestamp with time zone), renewed_at (timestamp), founded_on (date), created_at (timestamp with time
-- zone), email (text).
-- Columns read of the activities: lead_id, type (text), at (timestamp with time zone), amount (decimal(12, 2)),
-- tags (list), page (text), seconds (integer), fee (double), ended_at (timestamp), due_on (date), first_time
-- (boolean).
-- Nothing looks whether leads' ids differ, and activities have a lead, a type and a moment: they have to.
-- Numbers are compared as they are stored, float32 excepted (say types): employees.
-- Taken for moments with a time zone: seen_at, created_at, at.
WITH `fields` AS (
  /* What is known of each lead, as it is compared: texts without case and white space, nothing for blanks. */
  SELECT
    `id` AS `lead_id`,
    `objects` AS `objects`,
    CAST(`whole` AS INT64) AS `whole`,
    `precise` AS `precise`,
    CASE
      WHEN ABS(CAST(`plain` AS FLOAT64)) <= CAST('1.7976931348623157e+308' AS FLOAT64)
      THEN CAST(`plain` AS FLOAT64)
    END AS `plain`,
    CASE
      WHEN ABS(CAST(`employees` AS FLOAT64)) <= CAST('1.7976931348623157e+308' AS FLOAT64)
      THEN `employees`
    END AS `employees`,
    REPLACE(
      REPLACE(
        LOWER(
          REPLACE(
            NULLIF(
              TRIM(
                NORMALIZE(`industry`, NFC),
                '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
              ),
              ''
            ),
            'İ',
            'i'
          )
        ),
        'ß',
        'ss'
      ),
      'ς',
      'σ'
    ) AS `industry`,
    REPLACE(
      REPLACE(
        LOWER(
          REPLACE(
            NULLIF(
              TRIM(
                NORMALIZE(`company`, NFC),
                '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
              ),
              ''
            ),
            'İ',
            'i'
          )
        ),
        'ß',
        'ss'
      ),
      'ς',
      'σ'
    ) AS `company`,
    REPLACE(
      REPLACE(
        LOWER(
          REPLACE(
            NULLIF(
              TRIM(
                NORMALIZE(`job_title`, NFC),
                '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
              ),
              ''
            ),
            'İ',
            'i'
          )
        ),
        'ß',
        'ss'
      ),
      'ς',
      'σ'
    ) AS `job_title`,
    COALESCE(
      REPLACE(
        REPLACE(
          LOWER(
            REPLACE(
              NULLIF(
                TRIM(
                  NORMALIZE(`email_domain`, NFC),
                  '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
                ),
                ''
              ),
              'İ',
              'i'
            )
          ),
          'ß',
          'ss'
        ),
        'ς',
        'σ'
      ),
      REPLACE(
        REPLACE(
          LOWER(
            REPLACE(
              NULLIF(
                TRIM(
                  NORMALIZE(REGEXP_EXTRACT(`email`, '@([^@]*)$'), NFC),
                  '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
                ),
                ''
              ),
              'İ',
              'i'
            )
          ),
          'ß',
          'ss'
        ),
        'ς',
        'σ'
      )
    ) AS `email_domain`,
    CASE
      WHEN `interests` IS NOT NULL
      THEN ARRAY(
        SELECT
          `kept`
        FROM (
          SELECT
            REPLACE(
              REPLACE(
                LOWER(
                  REPLACE(
                    NULLIF(
                      TRIM(
                        NORMALIZE(`each`, NFC),
                        '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
                      ),
                      ''
                    ),
                    'İ',
                    'i'
                  )
                ),
                'ß',
                'ss'
              ),
              'ς',
              'σ'
            ) AS `kept`
          FROM UNNEST(`interests`) AS `each`
        ) AS `entries`
        WHERE
          `kept` IS NOT NULL
      )
    END AS `interests`,
    CAST(`seen_at` AS TIMESTAMP) AS `seen_at`,
    CAST(`renewed_at` AS DATETIME) AS `renewed_at`,
    CAST(`founded_on` AS DATE) AS `founded_on`,
    CAST(`created_at` AS TIMESTAMP) AS `created_at`
  FROM crm.leads
), `happened` AS (
  /* The activities that anything asks for, up to as_of. */
  SELECT
    `lead_id`,
    CASE
      WHEN `type` IN (
        'page_view',
        'form_submit',
        'demo_request',
        'contact_request',
        'email_open',
        'email_click',
        'email_bounce',
        'event_registered',
        'event_attended',
        'download',
        'chat',
        'call',
        'meeting',
        'login',
        'purchase',
        'unsubscribed',
        'opted_in',
        'accepted',
        'rejected',
        'recycled',
        'won',
        'lost'
      )
      THEN `type`
      ELSE TRIM(
        `type`,
        '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
      )
    END AS `type`,
    CAST(`at` AS TIMESTAMP) AS `at`,
    `amount` AS `amount`,
    CASE
      WHEN `tags` IS NOT NULL
      THEN ARRAY(
        SELECT
          `kept`
        FROM (
          SELECT
            REPLACE(
              REPLACE(
                LOWER(
                  REPLACE(
                    NULLIF(
                      TRIM(
                        NORMALIZE(`each`, NFC),
                        '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
                      ),
                      ''
                    ),
                    'İ',
                    'i'
                  )
                ),
                'ß',
                'ss'
              ),
              'ς',
              'σ'
            ) AS `kept`
          FROM UNNEST(`tags`) AS `each`
        ) AS `entries`
        WHERE
          `kept` IS NOT NULL
      )
    END AS `tags`,
    REPLACE(
      REPLACE(
        LOWER(
          REPLACE(
            NULLIF(
              TRIM(
                NORMALIZE(`page`, NFC),
                '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
              ),
              ''
            ),
            'İ',
            'i'
          )
        ),
        'ß',
        'ss'
      ),
      'ς',
      'σ'
    ) AS `page`,
    CAST(`seconds` AS INT64) AS `seconds`,
    CASE
      WHEN ABS(CAST(`fee` AS FLOAT64)) <= CAST('1.7976931348623157e+308' AS FLOAT64)
      THEN CAST(`fee` AS FLOAT64)
    END AS `fee`,
    CAST(`ended_at` AS DATETIME) AS `ended_at`,
    CAST(`due_on` AS DATE) AS `due_on`,
    `first_time` AS `first_time`
  FROM crm.activities
  WHERE
    CASE
      WHEN `type` IN (
        'page_view',
        'form_submit',
        'demo_request',
        'contact_request',
        'email_open',
        'email_click',
        'email_bounce',
        'event_registered',
        'event_attended',
        'download',
        'chat',
        'call',
        'meeting',
        'login',
        'purchase',
        'unsubscribed',
        'opted_in',
        'accepted',
        'rejected',
        'recycled',
        'won',
        'lost'
      )
      THEN TRUE
      ELSE TRIM(
        `type`,
        '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
      ) IN (
        'page_view',
        'form_submit',
        'demo_request',
        'contact_request',
        'email_open',
        'email_click',
        'email_bounce',
        'event_registered',
        'event_attended',
        'download',
        'chat',
        'call',
        'meeting',
        'login',
        'purchase',
        'unsubscribed',
        'opted_in',
        'accepted',
        'rejected',
        'recycled',
        'won',
        'lost'
      )
    END
    AND CAST(`at` AS TIMESTAMP) <= CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMP)
), `happened_2` AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    `type` = 'purchase' AS `is_purchase_1`,
    `type` = 'page_view' AS `is_visit`,
    `type` = 'purchase'
    AND (
      `amount` > CAST('100.00' AS NUMERIC)
      OR NOT CASE
        WHEN `tags` IS NOT NULL
        THEN (
          SELECT
            COUNT(DISTINCT `each`)
          FROM UNNEST(`tags`) AS `each`
          WHERE
            `each` IN ('test')
        ) >= 1
      END
    ) AS `is_large_order`,
    `type` = 'page_view'
    AND STRPOS(`page`, '/pricing') > 0
    AND `seconds` > 2
    AND `at` >= CAST('2026-11-06 12:00:00+00:00' AS TIMESTAMP) AS `is_page_view_1`,
    `at` >= CAST('2026-10-20 11:00:00+00:00' AS TIMESTAMP) AS `is_any_activity_1`,
    `type` = 'purchase' AND `at` >= CAST('2025-11-20 12:00:00+00:00' AS TIMESTAMP) AS `is_purchase_2`,
    `type` IN ('page_view', 'purchase') AS `is_page_view_or_purchase_1`,
    `type` = 'recycled' AS `is_recycled_1`
  FROM `happened`
), `happened_3` AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY `lead_id`, `is_visit`, CAST(DATETIME(`at`, 'America/New_York') AS DATE)
      ORDER BY `at` DESC
    ) AS `place_of_visit_day`,
    ROW_NUMBER() OVER (
      PARTITION BY `lead_id`, `is_visit`, DATE_TRUNC(CAST(DATETIME(`at`, 'America/New_York') AS DATE), ISOWEEK)
      ORDER BY `at` DESC
    ) AS `place_of_visit_week`,
    ROW_NUMBER() OVER (
      PARTITION BY `lead_id`, `is_large_order`, DATE_TRUNC(CAST(DATETIME(`at`, 'America/New_York') AS DATE), QUARTER)
      ORDER BY `at` DESC
    ) AS `place_of_large_order_quarter`,
    ROW_NUMBER() OVER (
      PARTITION BY `lead_id`, (
        `is_large_order` OR `is_large_order` IS NULL
      ), DATE_TRUNC(CAST(DATETIME(`at`, 'America/New_York') AS DATE), QUARTER)
      ORDER BY `at` DESC
    ) AS `place_of_possible_large_order_quarter`
  FROM `happened_2`
), `counted` AS (
  /* What came of each lead's activities. */
  SELECT
    `lead_id`,
    MAX(CASE WHEN `is_purchase_1` THEN `at` END) AS `last_purchase_1`,
    CAST(SUM(CASE WHEN `is_visit` AND `place_of_visit_day` <= 2 THEN 2048 ELSE 0 END) AS INT64) AS `visit_points_2_2_per_day`,
    CAST(SUM(
      CASE
        WHEN `is_large_order`
        THEN CASE
          WHEN `at` > CAST('2026-11-06 12:00:00+00:00' AS TIMESTAMP)
          THEN 5120
          WHEN `at` > CAST('2026-10-23 12:00:00+00:00' AS TIMESTAMP)
          THEN 2560
          WHEN `at` > CAST('2026-10-09 12:00:00+00:00' AS TIMESTAMP)
          THEN 1280
          WHEN `at` > CAST('2026-09-25 12:00:00+00:00' AS TIMESTAMP)
          THEN 640
          WHEN `at` > CAST('2026-09-11 12:00:00+00:00' AS TIMESTAMP)
          THEN 320
          WHEN `at` > CAST('2026-08-28 12:00:00+00:00' AS TIMESTAMP)
          THEN 160
          WHEN `at` > CAST('2026-08-14 12:00:00+00:00' AS TIMESTAMP)
          THEN 80
          WHEN `at` > CAST('2026-07-31 12:00:00+00:00' AS TIMESTAMP)
          THEN 40
          WHEN `at` > CAST('2026-07-17 12:00:00+00:00' AS TIMESTAMP)
          THEN 20
          WHEN `at` > CAST('2026-07-03 12:00:00+00:00' AS TIMESTAMP)
          THEN 10
          ELSE 0
        END
        ELSE 0
      END
    ) AS INT64) AS `large_order_points_5_fading_half_per_14_days`,
    CAST(SUM(
      CASE
        WHEN (
          `is_large_order` OR `is_large_order` IS NULL
        )
        THEN CASE
          WHEN `at` > CAST('2026-11-06 12:00:00+00:00' AS TIMESTAMP)
          THEN 5120
          WHEN `at` > CAST('2026-10-23 12:00:00+00:00' AS TIMESTAMP)
          THEN 2560
          WHEN `at` > CAST('2026-10-09 12:00:00+00:00' AS TIMESTAMP)
          THEN 1280
          WHEN `at` > CAST('2026-09-25 12:00:00+00:00' AS TIMESTAMP)
          THEN 640
          WHEN `at` > CAST('2026-09-11 12:00:00+00:00' AS TIMESTAMP)
          THEN 320
          WHEN `at` > CAST('2026-08-28 12:00:00+00:00' AS TIMESTAMP)
          THEN 160
          WHEN `at` > CAST('2026-08-14 12:00:00+00:00' AS TIMESTAMP)
          THEN 80
          WHEN `at` > CAST('2026-07-31 12:00:00+00:00' AS TIMESTAMP)
          THEN 40
          WHEN `at` > CAST('2026-07-17 12:00:00+00:00' AS TIMESTAMP)
          THEN 20
          WHEN `at` > CAST('2026-07-03 12:00:00+00:00' AS TIMESTAMP)
          THEN 10
          ELSE 0
        END
        ELSE 0
      END
    ) AS INT64) AS `possible_large_order_points_5_fading_half_per_14_days`,
    COUNTIF(`is_page_view_1`) AS `page_view_1_count`,
    COUNTIF(`is_page_view_1` IS NULL) AS `page_view_1_may_count`,
    COUNT(DISTINCT CASE WHEN `is_any_activity_1` THEN CAST(DATETIME(`at`, 'America/New_York') AS DATE) END) AS `any_activity_1_days`,
    COUNTIF(
      `is_purchase_2`
      AND CASE
        WHEN `amount` < 1000000000000 AND `amount` > -1000000000000
        THEN CAST(CAST(`amount` * 10000 AS INT64) AS NUMERIC)
      END IS NULL
    ) AS `purchase_2_amount_missing`,
    SUM(
      CASE
        WHEN `is_purchase_2`
        THEN CASE
          WHEN `amount` < 1000000000000 AND `amount` > -1000000000000
          THEN CAST(CAST(`amount` * 10000 AS INT64) AS NUMERIC)
        END
        ELSE 0
      END
    ) AS `purchase_2_amount`,
    COUNTIF(
      (
        `is_large_order` OR `is_large_order` IS NULL
      )
      AND CASE
        WHEN `fee` < 1000000000000 AND `fee` > -1000000000000
        THEN CAST(CAST(FLOOR(`fee` * CAST(10000 AS FLOAT64) + CAST('0.5' AS FLOAT64)) AS INT64) AS NUMERIC)
      END IS NULL
    ) AS `large_order_fee_missing`,
    SUM(
      CASE
        WHEN `is_large_order`
        THEN CASE
          WHEN `fee` < 1000000000000 AND `fee` > -1000000000000
          THEN CAST(CAST(FLOOR(`fee` * CAST(10000 AS FLOAT64) + CAST('0.5' AS FLOAT64)) AS INT64) AS NUMERIC)
        END
        ELSE 0
      END
    ) AS `large_order_fee`,
    SUM(
      CASE
        WHEN `is_large_order` IS NULL
        THEN CASE
          WHEN CASE
            WHEN `fee` < 1000000000000 AND `fee` > -1000000000000
            THEN CAST(CAST(FLOOR(`fee` * CAST(10000 AS FLOAT64) + CAST('0.5' AS FLOAT64)) AS INT64) AS NUMERIC)
          END IS NOT NULL
          THEN LEAST(
            CASE
              WHEN `fee` < 1000000000000 AND `fee` > -1000000000000
              THEN CAST(CAST(FLOOR(`fee` * CAST(10000 AS FLOAT64) + CAST('0.5' AS FLOAT64)) AS INT64) AS NUMERIC)
            END,
            0
          )
        END
        ELSE 0
      END
    ) AS `large_order_fee_at_least`,
    SUM(
      CASE
        WHEN `is_large_order` IS NULL
        THEN CASE
          WHEN CASE
            WHEN `fee` < 1000000000000 AND `fee` > -1000000000000
            THEN CAST(CAST(FLOOR(`fee` * CAST(10000 AS FLOAT64) + CAST('0.5' AS FLOAT64)) AS INT64) AS NUMERIC)
          END IS NOT NULL
          THEN GREATEST(
            CASE
              WHEN `fee` < 1000000000000 AND `fee` > -1000000000000
              THEN CAST(CAST(FLOOR(`fee` * CAST(10000 AS FLOAT64) + CAST('0.5' AS FLOAT64)) AS INT64) AS NUMERIC)
            END,
            0
          )
        END
        ELSE 0
      END
    ) AS `large_order_fee_at_most`,
    COUNTIF(`is_page_view_or_purchase_1`) AS `page_view_or_purchase_1_count`,
    MIN(CASE WHEN `is_visit` THEN `at` END) AS `first_visit`,
    MAX(CASE WHEN `is_recycled_1` THEN `at` END) AS `last_recycled_1`,
    CAST(SUM(
      CASE
        WHEN `is_visit` AND `place_of_visit_week` <= 3
        THEN CASE
          WHEN `at` > CAST('2026-10-21 12:00:00+00:00' AS TIMESTAMP)
          THEN 10240
          WHEN `at` > CAST('2026-09-21 12:00:00+00:00' AS TIMESTAMP)
          THEN 7680
          WHEN `at` > CAST('2026-08-22 12:00:00+00:00' AS TIMESTAMP)
          THEN 5120
          WHEN `at` > CAST('2026-07-23 12:00:00+00:00' AS TIMESTAMP)
          THEN 2560
          ELSE 0
        END
        ELSE 0
      END
    ) AS INT64) AS `visit_points_10_3_per_week_fading_25_per_30_days`,
    CAST(SUM(
      CASE
        WHEN `is_large_order` AND `place_of_large_order_quarter` <= 5
        THEN CASE
          WHEN DIV(TIMESTAMP_DIFF(CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMP), `at`, MICROSECOND), 604800000000) < 100
          THEN 102400 + (
            DIV(TIMESTAMP_DIFF(CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMP), `at`, MICROSECOND), 604800000000) * -1024
          )
          ELSE 0
        END
        ELSE 0
      END
    ) AS INT64) AS `large_order_points_100_5_per_quarter_fading_1_points_per_7_days`,
    CAST(SUM(
      CASE
        WHEN (
          `is_large_order` OR `is_large_order` IS NULL
        ) AND `place_of_possible_large_order_quarter` <= 5
        THEN CASE
          WHEN DIV(TIMESTAMP_DIFF(CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMP), `at`, MICROSECOND), 604800000000) < 100
          THEN 102400 + (
            DIV(TIMESTAMP_DIFF(CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMP), `at`, MICROSECOND), 604800000000) * -1024
          )
          ELSE 0
        END
        ELSE 0
      END
    ) AS INT64) AS `possible_large_order_points_100_5_per_quarter_fading_1_points_per_7_days`
  FROM `happened_3`
  GROUP BY
    `lead_id`
), `leads_and_counts` AS (
  /* All leads, with what came of their activities; nothing happened is 0. */
  SELECT
    `fields`.*,
    `counted`.`last_purchase_1` AS `last_purchase_1`,
    COALESCE(`counted`.`visit_points_2_2_per_day`, 0) AS `visit_points_2_2_per_day`,
    COALESCE(`counted`.`large_order_points_5_fading_half_per_14_days`, 0) AS `large_order_points_5_fading_half_per_14_days`,
    COALESCE(`counted`.`possible_large_order_points_5_fading_half_per_14_days`, 0) AS `possible_large_order_points_5_fading_half_per_14_days`,
    COALESCE(`counted`.`page_view_1_count`, 0) AS `page_view_1_count`,
    COALESCE(`counted`.`page_view_1_may_count`, 0) AS `page_view_1_may_count`,
    COALESCE(`counted`.`any_activity_1_days`, 0) AS `any_activity_1_days`,
    COALESCE(`counted`.`purchase_2_amount_missing`, 0) AS `purchase_2_amount_missing`,
    COALESCE(`counted`.`purchase_2_amount`, 0) AS `purchase_2_amount`,
    COALESCE(`counted`.`large_order_fee_missing`, 0) AS `large_order_fee_missing`,
    COALESCE(`counted`.`large_order_fee`, 0) AS `large_order_fee`,
    COALESCE(`counted`.`large_order_fee_at_least`, 0) AS `large_order_fee_at_least`,
    COALESCE(`counted`.`large_order_fee_at_most`, 0) AS `large_order_fee_at_most`,
    COALESCE(`counted`.`page_view_or_purchase_1_count`, 0) AS `page_view_or_purchase_1_count`,
    `counted`.`first_visit` AS `first_visit`,
    `counted`.`last_recycled_1` AS `last_recycled_1`,
    COALESCE(`counted`.`visit_points_10_3_per_week_fading_25_per_30_days`, 0) AS `visit_points_10_3_per_week_fading_25_per_30_days`,
    COALESCE(`counted`.`large_order_points_100_5_per_quarter_fading_1_points_per_7_days`, 0) AS `large_order_points_100_5_per_quarter_fading_1_points_per_7_days`,
    COALESCE(`counted`.`possible_large_order_points_100_5_per_quarter_fading_1_points_per_7_days`, 0) AS `possible_large_order_points_100_5_per_quarter_fading_1_points_per_7_days`
  FROM `fields`
  LEFT JOIN `counted`
    ON `fields`.`lead_id` = `counted`.`lead_id`
), `happened_4` AS (
  /* Which activities each question means, in turn. */
  SELECT
    `happened_3`.*,
    `leads_and_counts`.`last_purchase_1` AS `lead_last_purchase_1`,
    `leads_and_counts`.`last_recycled_1` AS `lead_last_recycled_1`,
    `leads_and_counts`.`first_visit` AS `lead_first_visit`
  FROM `happened_3`
  JOIN `leads_and_counts`
    ON `happened_3`.`lead_id` = `leads_and_counts`.`lead_id`
), `happened_5` AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    `type` = 'page_view'
    AND CASE WHEN `lead_last_purchase_1` IS NULL THEN TRUE ELSE `at` > `lead_last_purchase_1` END AS `is_again`,
    `type` = 'page_view'
    AND CASE WHEN `lead_last_recycled_1` IS NULL THEN TRUE ELSE `at` > `lead_last_recycled_1` END AS `is_page_view_2`,
    `type` = 'purchase'
    AND `ended_at` >= CAST('2026-11-18 07:00:00' AS DATETIME)
    AND `ended_at` <= CAST('2026-11-20 07:00:00' AS DATETIME)
    AND `due_on` >= CAST('2026-11-20' AS DATE)
    AND `due_on` <= CAST('2027-05-20' AS DATE)
    AND CASE
      WHEN `tags` IS NOT NULL
      THEN (
        SELECT
          COUNT(DISTINCT `each`)
        FROM UNNEST(`tags`) AS `each`
        WHERE
          `each` IN ('x')
      ) >= 1
    END
    AND `first_time`
    AND CASE
      WHEN `lead_first_visit` IS NULL
      THEN FALSE
      WHEN `at` IS NULL
      THEN NULL
      WHEN NOT (
        `at` >= `lead_first_visit`
        AND `at` <= TIMESTAMP_ADD(LEAST(`lead_first_visit`, CAST('9999-12-24 23:59:59.999999+00:00' AS TIMESTAMP)), INTERVAL 168 HOUR)
      )
      THEN FALSE
      WHEN `at` >= `lead_first_visit`
      AND `at` <= TIMESTAMP_ADD(LEAST(`lead_first_visit`, CAST('9999-12-24 23:59:59.999999+00:00' AS TIMESTAMP)), INTERVAL 168 HOUR)
      AND `lead_first_visit` IS NOT NULL
      THEN TRUE
    END AS `is_purchase_3`
  FROM `happened_4`
), `counted_2` AS (
  /* What came of each lead's activities. */
  SELECT
    `lead_id`,
    COUNT(
      DISTINCT CASE WHEN `is_again` THEN DATE_TRUNC(CAST(DATETIME(`at`, 'America/New_York') AS DATE), ISOWEEK) END
    ) AS `again_weeks`,
    COUNTIF(`is_page_view_2`) AS `page_view_2_count`,
    COUNTIF(`is_purchase_3`) AS `purchase_3_count`,
    COUNTIF(`is_purchase_3` IS NULL) AS `purchase_3_may_count`,
    COUNTIF(`is_again`) AS `again_count`
  FROM `happened_5`
  GROUP BY
    `lead_id`
), `leads_and_counts_2` AS (
  /* All leads, with what came of their activities; nothing happened is 0. */
  SELECT
    `leads_and_counts`.*,
    COALESCE(`counted_2`.`again_weeks`, 0) AS `again_weeks`,
    COALESCE(`counted_2`.`page_view_2_count`, 0) AS `page_view_2_count`,
    COALESCE(`counted_2`.`purchase_3_count`, 0) AS `purchase_3_count`,
    COALESCE(`counted_2`.`purchase_3_may_count`, 0) AS `purchase_3_may_count`,
    COALESCE(`counted_2`.`again_count`, 0) AS `again_count`
  FROM `leads_and_counts`
  LEFT JOIN `counted_2`
    ON `leads_and_counts`.`lead_id` = `counted_2`.`lead_id`
), `cases` AS (
  /* Which cases of a tier hold. */
  SELECT
    *,
    `whole` >= 500 AS `size_large`,
    `whole` >= 50 AS `size_medium`,
    CASE WHEN `email_domain` IS NOT NULL THEN TRUE ELSE FALSE END AS `score_only`
  FROM `leads_and_counts_2`
), `traits` AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    CASE WHEN `objects` THEN TRUE ELSE FALSE END AS `objected`,
    `whole` >= 50
    AND `whole` <= 500
    AND `precise` >= CAST('1.5000' AS NUMERIC)
    AND `plain` < CAST('0.1' AS FLOAT64)
    AND `employees` <> 7
    AND (
      `whole` = 60 OR CASE WHEN `whole` IS NOT NULL THEN FALSE END OR `whole` = 80
    ) AS `numbers`,
    (
      SAFE_DIVIDE(`plain`, CAST(`whole` AS FLOAT64)) >= CAST('2.5' AS FLOAT64)
      OR SAFE_ADD(
        SAFE_SUBTRACT(SAFE_MULTIPLY(`plain`, CAST(2 AS FLOAT64)), CAST(`whole` AS FLOAT64)),
        CAST(1 AS FLOAT64)
      ) < 9
    ) AS `reckoned`,
    (
      `industry` = 'strasse & \\ \'söhne\'' OR NOT `industry` IN ('gambling', 'tobacco')
    )
    AND (
      (
        STRPOS(`company`, '100%_') > 0 OR STRPOS(`company`, 'a\\b') > 0
      )
      OR STARTS_WITH(`company`, 'the "')
      OR (
        ENDS_WITH(`company`, 'gmbh') OR ENDS_WITH(`company`, 'ltd.')
      )
    )
    AND `job_title` <> `industry` AS `texts`,
    (
      REGEXP_CONTAINS(
        `job_title`,
        '(^|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])(vp|head[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽]+of)($|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])'
      )
      OR REGEXP_CONTAINS(
        `job_title`,
        '(^|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])(automat)'
      )
    ) AS `words`,
    NOT `email_domain` IN ('gmail.com', 'mail.example', 'o\'hara.example') AS `own_mail`,
    (
      (
        CASE
          WHEN `interests` IS NOT NULL
          THEN (
            SELECT
              COUNT(DISTINCT `each`)
            FROM UNNEST(`interests`) AS `each`
            WHERE
              `each` IN ('webinars', 'samples')
          ) >= 1
        END
        AND CASE
          WHEN `interests` IS NOT NULL
          THEN (
            SELECT
              COUNT(DISTINCT `each`)
            FROM UNNEST(`interests`) AS `each`
            WHERE
              `each` IN ('a', 'b')
          ) >= 2
        END
      )
      OR NOT CASE
        WHEN `interests` IS NOT NULL
        THEN (
          SELECT
            COUNT(DISTINCT `each`)
          FROM UNNEST(`interests`) AS `each`
          WHERE
            `each` IN ('no mail')
        ) >= 1
      END
    ) AS `chosen`,
    `seen_at` >= CAST('2026-10-21 12:00:00+00:00' AS TIMESTAMP)
    AND `seen_at` <= CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMP)
    AND `renewed_at` < CAST('2026-08-20 07:00:00' AS DATETIME)
    AND `founded_on` >= CAST('2026-11-20' AS DATE)
    AND `founded_on` <= CAST('2026-12-04' AS DATE)
    AND (
      (
        DATETIME(`seen_at`, 'America/New_York') >= `renewed_at`
        AND DATETIME(`seen_at`, 'America/New_York') <= DATETIME_ADD(LEAST(`renewed_at`, CAST('9999-12-17 23:59:59.999999' AS DATETIME)), INTERVAL 336 HOUR)
      )
      OR (
        `founded_on` >= CAST(DATETIME(`seen_at`, 'America/New_York') AS DATE)
        AND `founded_on` <= DATE_ADD(
          LEAST(CAST(DATETIME(`seen_at`, 'America/New_York') AS DATE), CAST('9999-12-24' AS DATE)),
          INTERVAL 7 DAY
        )
      )
    )
    AND `founded_on` < CAST('2027-01-01' AS DATE)
    AND `seen_at` > CAST('2020-02-29 12:00:15+00:00' AS TIMESTAMP)
    AND `renewed_at` < DATETIME(`seen_at`, 'America/New_York')
    AND (
      CAST(DATETIME(`seen_at`, 'America/New_York') AS DATE) = CAST('2026-01-01' AS DATE)
      OR CAST(DATETIME(`seen_at`, 'America/New_York') AS DATE) = CAST('2026-02-01' AS DATE)
    ) AS `windows`,
    CASE
      WHEN `page_view_1_count` >= 3
      THEN TRUE
      WHEN (
        `page_view_1_count` + `page_view_1_may_count`
      ) < 3
      THEN FALSE
    END
    AND `any_activity_1_days` >= 2
    AND CASE WHEN `purchase_2_amount_missing` = 0 THEN `purchase_2_amount` END >= 999500
    AND CASE
      WHEN CASE WHEN `large_order_fee_missing` = 0 THEN `large_order_fee` + `large_order_fee_at_most` END < 100000
      THEN TRUE
      WHEN CASE WHEN `large_order_fee_missing` = 0 THEN `large_order_fee` + `large_order_fee_at_least` END >= 100000
      THEN FALSE
    END
    AND `page_view_or_purchase_1_count` > 1 AS `counted`,
    CASE
      WHEN `last_purchase_1` IS NULL
      THEN FALSE
      WHEN `created_at` IS NULL
      THEN NULL
      WHEN NOT (
        `last_purchase_1` >= `created_at`
        AND `last_purchase_1` <= TIMESTAMP_ADD(LEAST(`created_at`, CAST('9999-12-17 23:59:59.999999+00:00' AS TIMESTAMP)), INTERVAL 336 HOUR)
      )
      THEN FALSE
      WHEN `last_purchase_1` >= `created_at`
      AND `last_purchase_1` <= TIMESTAMP_ADD(LEAST(`created_at`, CAST('9999-12-17 23:59:59.999999+00:00' AS TIMESTAMP)), INTERVAL 336 HOUR)
      AND `last_purchase_1` IS NOT NULL
      THEN TRUE
    END
    AND CASE
      WHEN CAST(DATETIME(`first_visit`, 'America/New_York') AS DATE) IS NULL
      THEN FALSE
      WHEN CAST(DATETIME(`first_visit`, 'America/New_York') AS DATE) >= CAST('2026-05-05' AS DATE)
      THEN FALSE
      WHEN CAST(DATETIME(`first_visit`, 'America/New_York') AS DATE) < CAST('2026-05-05' AS DATE)
      AND `first_visit` IS NOT NULL
      THEN TRUE
    END
    AND `page_view_2_count` >= 1
    AND CASE
      WHEN `purchase_3_count` > 0
      THEN TRUE
      WHEN (
        `purchase_3_count` + `purchase_3_may_count`
      ) <= 0
      THEN FALSE
    END AS `happened`,
    `whole` > 5 AS `tried`
  FROM `cases`
), `scores` AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    `visit_points_10_3_per_week_fading_25_per_30_days` + `large_order_points_100_5_per_quarter_fading_1_points_per_7_days` + (
      LEAST(`again_count`, 4) * 3072
    ) AS `faded_at_least_2`,
    `visit_points_10_3_per_week_fading_25_per_30_days` + `possible_large_order_points_100_5_per_quarter_fading_1_points_per_7_days` + (
      LEAST(`again_count`, 4) * 3072
    ) AS `faded_at_most_2`
  FROM `traits`
), `cases_2` AS (
  /* Which cases of a tier hold. */
  SELECT
    *,
    NOT `size_large` AND `words` AS `settled_fine`
  FROM `scores`
), `tiers` AS (
  /* Which case each tier is; null while more than one is possible. */
  SELECT
    *,
    CASE
      WHEN `size_large`
      THEN 'large'
      WHEN `size_large` IS NULL
      THEN NULL
      WHEN `size_medium`
      THEN 'medium'
      WHEN `size_medium` IS NULL
      THEN NULL
      ELSE 'small'
    END AS `size`
  FROM `cases_2`
), `sides` AS (
  /* What each team says of each stage. */
  SELECT
    *,
    (
      `own_mail` OR `happened`
    ) AS `sql_marketing_2`
  FROM `tiers`
), `traits_2` AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    (
      (
        `whole` IS NOT NULL AND `plain` IS NULL
      )
      OR (
        `last_purchase_1` IS NOT NULL AND `texts` IS NOT NULL AND `size` IS NULL
      )
    ) AS `is_known`
  FROM `sides`
), `tiers_2` AS (
  /* Which case each tier is; null while more than one is possible. */
  SELECT
    *,
    CASE
      WHEN `size_large`
      THEN 'good'
      WHEN `size_large` IS NULL
      THEN 'poor'
      WHEN `settled_fine`
      THEN 'fine'
      ELSE 'poor'
    END AS `settled`
  FROM `traits_2`
), `scores_2` AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    CASE
      WHEN `score_only`
      THEN LEAST(
        GREATEST(
          CASE WHEN `numbers` THEN 10240 ELSE 0 END + CASE WHEN `words` THEN 7680 ELSE -2304 END + CASE
            WHEN `size` = 'small'
            THEN -5120
            WHEN `size` = 'large'
            THEN 20480
            WHEN `size` IS NOT NULL
            THEN 0
            WHEN `size_large`
            THEN 20480
            WHEN (
              `size_large` OR `size_medium`
            )
            THEN 0
            ELSE -5120
          END + LEAST(`visit_points_2_2_per_day`, 30720) + `large_order_points_5_fading_half_per_14_days` + (
            (
              `again_weeks` * 1024
            ) * -1
          ) + 5120,
          -20480
        ),
        102400
      )
    END AS `score_at_least_2`,
    CASE
      WHEN `score_only`
      THEN LEAST(
        GREATEST(
          CASE WHEN NOT `numbers` THEN 0 ELSE 10240 END + CASE WHEN NOT `words` THEN -2304 ELSE 7680 END + CASE
            WHEN `size` = 'small'
            THEN -5120
            WHEN `size` = 'large'
            THEN 20480
            WHEN `size` IS NOT NULL
            THEN 0
            WHEN NOT `size_large` AND NOT `size_medium`
            THEN -5120
            WHEN NOT `size_large`
            THEN 0
            ELSE 20480
          END + LEAST(`visit_points_2_2_per_day`, 30720) + `possible_large_order_points_5_fading_half_per_14_days` + (
            (
              `again_weeks` * 1024
            ) * -1
          ) + 5120,
          -20480
        ),
        102400
      )
    END AS `score_at_most_2`
  FROM `tiers_2`
), `traits_3` AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    CASE
      WHEN (
        CASE WHEN `numbers` THEN 1 ELSE 0 END + CASE WHEN `texts` THEN 1 ELSE 0 END + CASE WHEN NOT `words` THEN 1 ELSE 0 END + CASE
          WHEN CASE WHEN `score_at_least_2` >= 12800 THEN TRUE WHEN `score_at_most_2` < 12800 THEN FALSE END
          THEN 1
          ELSE 0
        END
      ) >= 2
      THEN TRUE
      WHEN (
        CASE WHEN (
          `numbers` OR `numbers` IS NULL
        ) THEN 1 ELSE 0 END + CASE WHEN (
          `texts` OR `texts` IS NULL
        ) THEN 1 ELSE 0 END + CASE WHEN (
          NOT `words` OR (
            NOT `words`
          ) IS NULL
        ) THEN 1 ELSE 0 END + CASE
          WHEN (
            CASE WHEN `score_at_least_2` >= 12800 THEN TRUE WHEN `score_at_most_2` < 12800 THEN FALSE END
            OR CASE WHEN `score_at_least_2` >= 12800 THEN TRUE WHEN `score_at_most_2` < 12800 THEN FALSE END IS NULL
          )
          THEN 1
          ELSE 0
        END
      ) < 2
      THEN FALSE
    END AS `two_of_four`
  FROM `scores_2`
), `scores_3` AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    CASE WHEN `score_only` THEN LEAST(DIV(`score_at_least_2`, 2) + `faded_at_least_2`, 204800) END AS `both_at_least_2`,
    CASE WHEN `score_only` THEN LEAST(DIV(`score_at_most_2`, 2) + `faded_at_most_2`, 204800) END AS `both_at_most_2`
  FROM `traits_3`
), `sides_2` AS (
  /* What each team says of each stage. */
  SELECT
    *,
    `texts`
    AND CASE WHEN `score_at_least_2` >= 20480 THEN TRUE WHEN `score_at_most_2` < 20480 THEN FALSE END
    AND `counted` AS `mql_marketing_2`,
    (
      `windows` OR `reckoned` OR `is_known`
    ) AS `nurture_marketing_2`
  FROM `scores_3`
), `sides_3` AS (
  /* What each team says of each stage. */
  SELECT
    *,
    `two_of_four`
    AND (
      `settled` = 'good'
      OR CASE
        WHEN `both_at_least_2` > `score_at_most_2`
        THEN TRUE
        WHEN `score_at_least_2` >= `both_at_most_2`
        THEN FALSE
      END
    ) AS `sql_sales_2`
  FROM `sides_2`
), `stages` AS (
  /* How each stage stands. */
  SELECT
    *,
    CASE
      WHEN `chosen`
      THEN 'disqualified'
      WHEN NOT `mql_marketing_2`
      THEN 'not_yet'
      WHEN `mql_marketing_2` AND NOT `chosen`
      THEN 'reached'
      ELSE 'undetermined'
    END AS `mql_state_2`,
    CASE
      WHEN NOT `nurture_marketing_2`
      THEN 'not_yet'
      WHEN `nurture_marketing_2`
      THEN 'reached'
      ELSE 'undetermined'
    END AS `nurture_state_2`
  FROM `sides_3`
), `stages_2` AS (
  /* How each stage stands. */
  SELECT
    *,
    CASE
      WHEN `mql_state_2` = 'disqualified'
      THEN 'disqualified'
      WHEN (
        NOT `sql_sales_2` OR NOT `sql_marketing_2` OR `mql_state_2` = 'not_yet'
      )
      THEN 'not_yet'
      WHEN `mql_state_2` = 'reached' AND `sql_sales_2` AND `sql_marketing_2`
      THEN 'reached'
      ELSE 'undetermined'
    END AS `sql_state_2`
  FROM `stages`
)
SELECT
  `lead_id`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN CASE
      WHEN `sql_state_2` = 'reached'
      THEN 'sql'
      WHEN `mql_state_2` = 'reached'
      THEN 'mql'
      WHEN `nurture_state_2` = 'reached'
      THEN 'nurture'
    END
  END AS `stage`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `mql_state_2` END AS `mql_state`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `mql_marketing_2` END AS `mql_marketing`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `sql_state_2` END AS `sql_state`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `sql_sales_2` END AS `sql_sales`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `sql_marketing_2` END AS `sql_marketing`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `nurture_state_2` END AS `nurture_state`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `nurture_marketing_2` END AS `nurture_marketing`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN CAST(`score_at_least_2` AS FLOAT64) / CAST(1024 AS FLOAT64)
  END AS `score_at_least`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN CAST(`score_at_most_2` AS FLOAT64) / CAST(1024 AS FLOAT64)
  END AS `score_at_most`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN CAST(`faded_at_least_2` AS FLOAT64) / CAST(1024 AS FLOAT64)
  END AS `faded_at_least`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN CAST(`faded_at_most_2` AS FLOAT64) / CAST(1024 AS FLOAT64)
  END AS `faded_at_most`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN CAST(`both_at_least_2` AS FLOAT64) / CAST(1024 AS FLOAT64)
  END AS `both_at_least`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN CAST(`both_at_most_2` AS FLOAT64) / CAST(1024 AS FLOAT64)
  END AS `both_at_most`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `size` END AS `size`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `settled` END AS `settled`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `objected` END AS `objected`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `numbers` END AS `numbers`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `reckoned` END AS `reckoned`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `texts` END AS `texts`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `words` END AS `words`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `own_mail` END AS `own_mail`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `chosen` END AS `chosen`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `is_known` END AS `is_known`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `windows` END AS `windows`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `two_of_four` END AS `two_of_four`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `counted` END AS `counted`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `happened` END AS `happened`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN CASE
      WHEN `mql_state_2` = 'disqualified' AND `chosen`
      THEN 'It is barred from being an MQL (Marketing-qualified lead): chosen.'
      WHEN `mql_state_2` = 'disqualified'
      THEN 'It is barred from being an MQL (Marketing-qualified lead).'
      WHEN `mql_state_2` = 'not_yet' AND NOT `mql_marketing_2`
      THEN 'It is not an MQL (Marketing-qualified lead): Marketing says no.'
      WHEN `mql_state_2` = 'not_yet'
      THEN 'It is not an MQL (Marketing-qualified lead).'
      WHEN `mql_state_2` = 'undetermined' AND `mql_marketing_2` IS NULL
      THEN 'Whether it is an MQL (Marketing-qualified lead) is open: Marketing can\'t say yet.'
      WHEN `mql_state_2` = 'undetermined'
      THEN 'Whether it is an MQL (Marketing-qualified lead) is open: nobody knows whether it is barred.'
      WHEN `sql_state_2` = 'disqualified'
      THEN 'It is barred from being an SQL.'
      WHEN `sql_state_2` = 'not_yet' AND NOT `sql_sales_2`
      THEN 'It is not an SQL: Sales says no.'
      WHEN `sql_state_2` = 'not_yet' AND NOT `sql_marketing_2`
      THEN 'It is not an SQL: Marketing says no.'
      WHEN `sql_state_2` = 'not_yet'
      THEN 'It is not an SQL.'
      WHEN `sql_state_2` = 'undetermined' AND `sql_sales_2` IS NULL
      THEN 'Whether it is an SQL is open: Sales can\'t say yet.'
      WHEN `sql_state_2` = 'undetermined' AND `sql_marketing_2` IS NULL
      THEN 'Whether it is an SQL is open: Marketing can\'t say yet.'
      WHEN `sql_state_2` = 'undetermined'
      THEN 'Whether it is an SQL is open: nobody knows whether it is barred.'
      ELSE 'It is an SQL.'
    END
  END AS `reason`,
  CASE
    WHEN NOT COALESCE(`objected`, FALSE)
    THEN ARRAY_TO_STRING(
      [
        CASE WHEN `chosen` THEN 'chosen=yes' END,
        CASE WHEN NOT `objected` THEN 'objected=no' END,
        CASE WHEN NOT `numbers` THEN 'numbers=no' END,
        CASE WHEN NOT `reckoned` THEN 'reckoned=no' END,
        CASE WHEN NOT `texts` THEN 'texts=no' END,
        CASE WHEN NOT `words` THEN 'words=no' END,
        CASE WHEN NOT `own_mail` THEN 'own_mail=no' END,
        CASE WHEN NOT `chosen` THEN 'chosen=no' END,
        CASE WHEN NOT `is_known` THEN 'is_known=no' END,
        CASE WHEN NOT `windows` THEN 'windows=no' END,
        CASE WHEN NOT `two_of_four` THEN 'two_of_four=no' END,
        CASE WHEN NOT `counted` THEN 'counted=no' END,
        CASE WHEN NOT `happened` THEN 'happened=no' END,
        CASE WHEN `objected` IS NULL THEN 'objected=unknown' END,
        CASE WHEN `numbers` IS NULL THEN 'numbers=unknown' END,
        CASE WHEN `reckoned` IS NULL THEN 'reckoned=unknown' END,
        CASE WHEN `texts` IS NULL THEN 'texts=unknown' END,
        CASE WHEN `words` IS NULL THEN 'words=unknown' END,
        CASE WHEN `own_mail` IS NULL THEN 'own_mail=unknown' END,
        CASE WHEN `chosen` IS NULL THEN 'chosen=unknown' END,
        CASE WHEN `is_known` IS NULL THEN 'is_known=unknown' END,
        CASE WHEN `windows` IS NULL THEN 'windows=unknown' END,
        CASE WHEN `two_of_four` IS NULL THEN 'two_of_four=unknown' END,
        CASE WHEN `counted` IS NULL THEN 'counted=unknown' END,
        CASE WHEN `happened` IS NULL THEN 'happened=unknown' END,
        CASE WHEN `size` IS NULL THEN 'size=unknown' END,
        CASE WHEN `settled` IS NULL THEN 'settled=unknown' END,
        CASE WHEN `objected` THEN 'objected=yes' END,
        CASE WHEN `numbers` THEN 'numbers=yes' END,
        CASE WHEN `reckoned` THEN 'reckoned=yes' END,
        CASE WHEN `texts` THEN 'texts=yes' END,
        CASE WHEN `words` THEN 'words=yes' END,
        CASE WHEN `own_mail` THEN 'own_mail=yes' END,
        CASE WHEN `is_known` THEN 'is_known=yes' END,
        CASE WHEN `windows` THEN 'windows=yes' END,
        CASE WHEN `two_of_four` THEN 'two_of_four=yes' END,
        CASE WHEN `counted` THEN 'counted=yes' END,
        CASE WHEN `happened` THEN 'happened=yes' END,
        CASE WHEN `size` = 'large' THEN 'size=large' END,
        CASE WHEN `size` = 'medium' THEN 'size=medium' END,
        CASE WHEN `size` = 'small' THEN 'size=small' END,
        CASE WHEN `settled` = 'good' THEN 'settled=good' END,
        CASE WHEN `settled` = 'fine' THEN 'settled=fine' END,
        CASE WHEN `settled` = 'poor' THEN 'settled=poor' END
      ],
      ', '
    )
  END AS `reasons`,
  CASE WHEN NOT COALESCE(`objected`, FALSE) THEN `tried` END AS `shadow_tried`
FROM `stages_2`
