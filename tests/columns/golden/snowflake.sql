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
-- Texts have to be in composed form (NFC), which this dialect has no function for.
WITH "FIELDS" AS (
  /* What is known of each lead, as it is compared: texts without case and white space, nothing for blanks. */
  SELECT
    "ID" AS "LEAD_ID",
    "OBJECTS" AS "OBJECTS",
    CAST("WHOLE" AS BIGINT) AS "WHOLE",
    "PRECISE" AS "PRECISE",
    CASE
      WHEN ABS(CAST("PLAIN" AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
      THEN CAST("PLAIN" AS DOUBLE)
    END AS "PLAIN",
    CASE
      WHEN ABS(CAST("EMPLOYEES" AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
      THEN "EMPLOYEES"
    END AS "EMPLOYEES",
    REPLACE(
      REPLACE(
        LOWER(
          REPLACE(
            NULLIF(
              TRIM(
                "INDUSTRY",
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
    ) AS "INDUSTRY",
    REPLACE(
      REPLACE(
        LOWER(
          REPLACE(
            NULLIF(
              TRIM(
                "COMPANY",
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
    ) AS "COMPANY",
    REPLACE(
      REPLACE(
        LOWER(
          REPLACE(
            NULLIF(
              TRIM(
                "JOB_TITLE",
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
    ) AS "JOB_TITLE",
    COALESCE(
      REPLACE(
        REPLACE(
          LOWER(
            REPLACE(
              NULLIF(
                TRIM(
                  "EMAIL_DOMAIN",
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
                  CASE WHEN CONTAINS("EMAIL", '@') THEN SPLIT_PART("EMAIL", '@', -1) END,
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
    ) AS "EMAIL_DOMAIN",
    ARRAY_COMPACT(
      TRANSFORM(
        CAST("INTERESTS" AS ARRAY),
        each -> REPLACE(
          REPLACE(
            LOWER(
              REPLACE(
                NULLIF(
                  TRIM(
                    CAST(each AS VARCHAR),
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
      )
    ) AS "INTERESTS",
    CAST("SEEN_AT" AS TIMESTAMPTZ) AS "SEEN_AT",
    CAST("RENEWED_AT" AS TIMESTAMPNTZ) AS "RENEWED_AT",
    CAST("FOUNDED_ON" AS DATE) AS "FOUNDED_ON",
    CAST("CREATED_AT" AS TIMESTAMPTZ) AS "CREATED_AT"
  FROM crm.leads
), "HAPPENED" AS (
  /* The activities that anything asks for, up to as_of. */
  SELECT
    "LEAD_ID",
    CASE
      WHEN "TYPE" IN (
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
      THEN "TYPE"
      ELSE TRIM(
        "TYPE",
        '\t\n\u000b\u000c\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
      )
    END AS "TYPE",
    CAST("AT" AS TIMESTAMPTZ) AS "AT",
    "AMOUNT" AS "AMOUNT",
    ARRAY_COMPACT(
      TRANSFORM(
        CAST("TAGS" AS ARRAY),
        each -> REPLACE(
          REPLACE(
            LOWER(
              REPLACE(
                NULLIF(
                  TRIM(
                    CAST(each AS VARCHAR),
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
      )
    ) AS "TAGS",
    REPLACE(
      REPLACE(
        LOWER(
          REPLACE(
            NULLIF(
              TRIM(
                "PAGE",
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
    ) AS "PAGE",
    CAST("SECONDS" AS BIGINT) AS "SECONDS",
    CASE
      WHEN ABS(CAST("FEE" AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
      THEN CAST("FEE" AS DOUBLE)
    END AS "FEE",
    CAST("ENDED_AT" AS TIMESTAMPNTZ) AS "ENDED_AT",
    CAST("DUE_ON" AS DATE) AS "DUE_ON",
    "FIRST_TIME" AS "FIRST_TIME"
  FROM crm.activities
  WHERE
    CASE
      WHEN "TYPE" IN (
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
        "TYPE",
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
    AND CAST("AT" AS TIMESTAMPTZ) <= TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
), "HAPPENED_2" AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    "TYPE" = 'purchase' AS "is purchase 1",
    "TYPE" = 'page_view' AS "is visit",
    "TYPE" = 'purchase'
    AND (
      "AMOUNT" > CAST('100.00' AS DECIMAL(12, 2)) OR NOT ARRAYS_OVERLAP("TAGS", ARRAY_CONSTRUCT('test'))
    ) AS "is large_order",
    "TYPE" = 'page_view'
    AND CONTAINS("PAGE", '/pricing')
    AND "SECONDS" > 2
    AND "AT" >= TO_TIMESTAMP_TZ('2026-11-06 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM') AS "is page_view 1",
    "AT" >= TO_TIMESTAMP_TZ('2026-10-20 11:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM') AS "is any activity 1",
    "TYPE" = 'purchase'
    AND "AT" >= TO_TIMESTAMP_TZ('2025-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM') AS "is purchase 2",
    "TYPE" IN ('page_view', 'purchase') AS "is page_view or purchase 1",
    "TYPE" = 'recycled' AS "is recycled 1"
  FROM "HAPPENED"
), "HAPPENED_3" AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY "LEAD_ID", "is visit", CAST(CAST(CONVERT_TIMEZONE('America/New_York', "AT") AS TIMESTAMPNTZ) AS DATE)
      ORDER BY "AT" DESC NULLS LAST
    ) AS "place of visit day",
    ROW_NUMBER() OVER (
      PARTITION BY "LEAD_ID", "is visit", DATEADD(
        DAY,
        1 - DAYOFWEEKISO(CAST(CAST(CONVERT_TIMEZONE('America/New_York', "AT") AS TIMESTAMPNTZ) AS DATE)),
        CAST(CAST(CONVERT_TIMEZONE('America/New_York', "AT") AS TIMESTAMPNTZ) AS DATE)
      )
      ORDER BY "AT" DESC NULLS LAST
    ) AS "place of visit week",
    ROW_NUMBER() OVER (
      PARTITION BY "LEAD_ID", "is large_order", DATE_TRUNC('quarter', CAST(CAST(CONVERT_TIMEZONE('America/New_York', "AT") AS TIMESTAMPNTZ) AS DATE))
      ORDER BY "AT" DESC NULLS LAST
    ) AS "place of large_order quarter",
    ROW_NUMBER() OVER (
      PARTITION BY "LEAD_ID", (
        "is large_order" OR "is large_order" IS NULL
      ), DATE_TRUNC('quarter', CAST(CAST(CONVERT_TIMEZONE('America/New_York', "AT") AS TIMESTAMPNTZ) AS DATE))
      ORDER BY "AT" DESC NULLS LAST
    ) AS "place of possible large_order quarter"
  FROM "HAPPENED_2"
), "COUNTED" AS (
  /* What came of each lead's activities. */
  SELECT
    "LEAD_ID",
    MAX(CASE WHEN "is purchase 1" THEN "AT" END) AS "last purchase 1",
    CAST(SUM(CASE WHEN "is visit" AND "place of visit day" <= 2 THEN 2048 ELSE 0 END) AS BIGINT) AS "visit points 2 2 per day",
    CAST(SUM(
      CASE
        WHEN "is large_order"
        THEN CASE
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-11-06 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 5120
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-10-23 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 2560
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-10-09 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 1280
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-09-25 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 640
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-09-11 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 320
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-08-28 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 160
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-08-14 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 80
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-07-31 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 40
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-07-17 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 20
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-07-03 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 10
          ELSE 0
        END
        ELSE 0
      END
    ) AS BIGINT) AS "large_order points 5  fading half per 14 days",
    CAST(SUM(
      CASE
        WHEN (
          "is large_order" OR "is large_order" IS NULL
        )
        THEN CASE
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-11-06 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 5120
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-10-23 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 2560
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-10-09 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 1280
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-09-25 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 640
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-09-11 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 320
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-08-28 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 160
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-08-14 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 80
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-07-31 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 40
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-07-17 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 20
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-07-03 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 10
          ELSE 0
        END
        ELSE 0
      END
    ) AS BIGINT) AS "possible large_order points 5  fading half per 14 days",
    COUNT_IF("is page_view 1") AS "page_view 1 count",
    COUNT_IF("is page_view 1" IS NULL) AS "page_view 1 may count",
    COUNT(
      DISTINCT CASE
        WHEN "is any activity 1"
        THEN CAST(CAST(CONVERT_TIMEZONE('America/New_York', "AT") AS TIMESTAMPNTZ) AS DATE)
      END
    ) AS "any activity 1 days",
    COUNT_IF(
      "is purchase 2"
      AND CASE
        WHEN "AMOUNT" < 1000000000000 AND "AMOUNT" > -1000000000000
        THEN CAST("AMOUNT" * 10000 AS BIGINT)
      END IS NULL
    ) AS "purchase 2 amount missing",
    SUM(
      CASE
        WHEN "is purchase 2"
        THEN CASE
          WHEN "AMOUNT" < 1000000000000 AND "AMOUNT" > -1000000000000
          THEN CAST("AMOUNT" * 10000 AS BIGINT)
        END
        ELSE 0
      END
    ) AS "purchase 2 amount",
    COUNT_IF(
      (
        "is large_order" OR "is large_order" IS NULL
      )
      AND CASE
        WHEN "FEE" < 1000000000000 AND "FEE" > -1000000000000
        THEN CAST(FLOOR("FEE" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT)
      END IS NULL
    ) AS "large_order fee missing",
    SUM(
      CASE
        WHEN "is large_order"
        THEN CASE
          WHEN "FEE" < 1000000000000 AND "FEE" > -1000000000000
          THEN CAST(FLOOR("FEE" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT)
        END
        ELSE 0
      END
    ) AS "large_order fee",
    SUM(
      CASE
        WHEN "is large_order" IS NULL
        THEN CASE
          WHEN CASE
            WHEN "FEE" < 1000000000000 AND "FEE" > -1000000000000
            THEN CAST(FLOOR("FEE" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT)
          END IS NOT NULL
          THEN LEAST(
            CASE
              WHEN "FEE" < 1000000000000 AND "FEE" > -1000000000000
              THEN CAST(FLOOR("FEE" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT)
            END,
            0
          )
        END
        ELSE 0
      END
    ) AS "large_order fee at least",
    SUM(
      CASE
        WHEN "is large_order" IS NULL
        THEN CASE
          WHEN CASE
            WHEN "FEE" < 1000000000000 AND "FEE" > -1000000000000
            THEN CAST(FLOOR("FEE" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT)
          END IS NOT NULL
          THEN GREATEST(
            CASE
              WHEN "FEE" < 1000000000000 AND "FEE" > -1000000000000
              THEN CAST(FLOOR("FEE" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT)
            END,
            0
          )
        END
        ELSE 0
      END
    ) AS "large_order fee at most",
    COUNT_IF("is page_view or purchase 1") AS "page_view or purchase 1 count",
    MIN(CASE WHEN "is visit" THEN "AT" END) AS "first visit",
    MAX(CASE WHEN "is recycled 1" THEN "AT" END) AS "last recycled 1",
    CAST(SUM(
      CASE
        WHEN "is visit" AND "place of visit week" <= 3
        THEN CASE
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-10-21 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 10240
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-09-21 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 7680
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-08-22 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 5120
          WHEN "AT" > TO_TIMESTAMP_TZ('2026-07-23 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
          THEN 2560
          ELSE 0
        END
        ELSE 0
      END
    ) AS BIGINT) AS "visit points 10 3 per week fading 25% per 30 days",
    CAST(SUM(
      CASE
        WHEN "is large_order" AND "place of large_order quarter" <= 5
        THEN CASE
          WHEN CAST((
            DATE_PART(EPOCH_MICROSECOND, TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')) - DATE_PART(EPOCH_MICROSECOND, "AT") - MOD(
              DATE_PART(EPOCH_MICROSECOND, TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')) - DATE_PART(EPOCH_MICROSECOND, "AT"),
              604800000000
            )
          ) / 604800000000 AS BIGINT) < 100
          THEN 102400 + (
            CAST((
              DATE_PART(EPOCH_MICROSECOND, TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')) - DATE_PART(EPOCH_MICROSECOND, "AT") - MOD(
                DATE_PART(EPOCH_MICROSECOND, TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')) - DATE_PART(EPOCH_MICROSECOND, "AT"),
                604800000000
              )
            ) / 604800000000 AS BIGINT) * -1024
          )
          ELSE 0
        END
        ELSE 0
      END
    ) AS BIGINT) AS "large_order points 100 5 per quarter fading 1 points per 7 days",
    CAST(SUM(
      CASE
        WHEN (
          "is large_order" OR "is large_order" IS NULL
        ) AND "place of possible large_order quarter" <= 5
        THEN CASE
          WHEN CAST((
            DATE_PART(EPOCH_MICROSECOND, TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')) - DATE_PART(EPOCH_MICROSECOND, "AT") - MOD(
              DATE_PART(EPOCH_MICROSECOND, TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')) - DATE_PART(EPOCH_MICROSECOND, "AT"),
              604800000000
            )
          ) / 604800000000 AS BIGINT) < 100
          THEN 102400 + (
            CAST((
              DATE_PART(EPOCH_MICROSECOND, TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')) - DATE_PART(EPOCH_MICROSECOND, "AT") - MOD(
                DATE_PART(EPOCH_MICROSECOND, TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')) - DATE_PART(EPOCH_MICROSECOND, "AT"),
                604800000000
              )
            ) / 604800000000 AS BIGINT) * -1024
          )
          ELSE 0
        END
        ELSE 0
      END
    ) AS BIGINT) AS "possible large_order points 100 5 per quarter fading 1 points per 7 days"
  FROM "HAPPENED_3"
  GROUP BY
    "LEAD_ID"
), "LEADS_AND_COUNTS" AS (
  /* All leads, with what came of their activities; nothing happened is 0. */
  SELECT
    "FIELDS".*,
    "COUNTED"."last purchase 1" AS "last purchase 1",
    COALESCE("COUNTED"."visit points 2 2 per day", 0) AS "visit points 2 2 per day",
    COALESCE("COUNTED"."large_order points 5  fading half per 14 days", 0) AS "large_order points 5  fading half per 14 days",
    COALESCE("COUNTED"."possible large_order points 5  fading half per 14 days", 0) AS "possible large_order points 5  fading half per 14 days",
    COALESCE("COUNTED"."page_view 1 count", 0) AS "page_view 1 count",
    COALESCE("COUNTED"."page_view 1 may count", 0) AS "page_view 1 may count",
    COALESCE("COUNTED"."any activity 1 days", 0) AS "any activity 1 days",
    COALESCE("COUNTED"."purchase 2 amount missing", 0) AS "purchase 2 amount missing",
    COALESCE("COUNTED"."purchase 2 amount", 0) AS "purchase 2 amount",
    COALESCE("COUNTED"."large_order fee missing", 0) AS "large_order fee missing",
    COALESCE("COUNTED"."large_order fee", 0) AS "large_order fee",
    COALESCE("COUNTED"."large_order fee at least", 0) AS "large_order fee at least",
    COALESCE("COUNTED"."large_order fee at most", 0) AS "large_order fee at most",
    COALESCE("COUNTED"."page_view or purchase 1 count", 0) AS "page_view or purchase 1 count",
    "COUNTED"."first visit" AS "first visit",
    "COUNTED"."last recycled 1" AS "last recycled 1",
    COALESCE("COUNTED"."visit points 10 3 per week fading 25% per 30 days", 0) AS "visit points 10 3 per week fading 25% per 30 days",
    COALESCE("COUNTED"."large_order points 100 5 per quarter fading 1 points per 7 days", 0) AS "large_order points 100 5 per quarter fading 1 points per 7 days",
    COALESCE("COUNTED"."possible large_order points 100 5 per quarter fading 1 points per 7 days", 0) AS "possible large_order points 100 5 per quarter fading 1 points per 7 days"
  FROM "FIELDS"
  LEFT JOIN "COUNTED"
    ON "FIELDS"."LEAD_ID" = "COUNTED"."LEAD_ID"
), "HAPPENED_4" AS (
  /* Which activities each question means, in turn. */
  SELECT
    "HAPPENED_3".*,
    "LEADS_AND_COUNTS"."last purchase 1" AS "lead last purchase 1",
    "LEADS_AND_COUNTS"."last recycled 1" AS "lead last recycled 1",
    "LEADS_AND_COUNTS"."first visit" AS "lead first visit"
  FROM "HAPPENED_3"
  JOIN "LEADS_AND_COUNTS"
    ON "HAPPENED_3"."LEAD_ID" = "LEADS_AND_COUNTS"."LEAD_ID"
), "HAPPENED_5" AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    "TYPE" = 'page_view'
    AND CASE WHEN "lead last purchase 1" IS NULL THEN TRUE ELSE "AT" > "lead last purchase 1" END AS "is again",
    "TYPE" = 'page_view'
    AND CASE WHEN "lead last recycled 1" IS NULL THEN TRUE ELSE "AT" > "lead last recycled 1" END AS "is page_view 2",
    "TYPE" = 'purchase'
    AND "ENDED_AT" >= TO_TIMESTAMP_NTZ('2026-11-18 07:00:00', 'YYYY-MM-DD HH24:MI:SS')
    AND "ENDED_AT" <= TO_TIMESTAMP_NTZ('2026-11-20 07:00:00', 'YYYY-MM-DD HH24:MI:SS')
    AND "DUE_ON" >= TO_DATE('2026-11-20', 'YYYY-MM-DD')
    AND "DUE_ON" <= TO_DATE('2027-05-20', 'YYYY-MM-DD')
    AND ARRAYS_OVERLAP("TAGS", ARRAY_CONSTRUCT('x'))
    AND "FIRST_TIME"
    AND CASE
      WHEN "lead first visit" IS NULL
      THEN FALSE
      WHEN "AT" IS NULL
      THEN NULL
      WHEN NOT (
        "AT" >= "lead first visit" AND "AT" <= DATEADD(HOUR, 168, "lead first visit")
      )
      THEN FALSE
      WHEN "AT" >= "lead first visit"
      AND "AT" <= DATEADD(HOUR, 168, "lead first visit")
      AND "lead first visit" IS NOT NULL
      THEN TRUE
    END AS "is purchase 3"
  FROM "HAPPENED_4"
), "COUNTED_2" AS (
  /* What came of each lead's activities. */
  SELECT
    "LEAD_ID",
    COUNT(
      DISTINCT CASE
        WHEN "is again"
        THEN DATEADD(
          DAY,
          1 - DAYOFWEEKISO(CAST(CAST(CONVERT_TIMEZONE('America/New_York', "AT") AS TIMESTAMPNTZ) AS DATE)),
          CAST(CAST(CONVERT_TIMEZONE('America/New_York', "AT") AS TIMESTAMPNTZ) AS DATE)
        )
      END
    ) AS "again weeks",
    COUNT_IF("is page_view 2") AS "page_view 2 count",
    COUNT_IF("is purchase 3") AS "purchase 3 count",
    COUNT_IF("is purchase 3" IS NULL) AS "purchase 3 may count",
    COUNT_IF("is again") AS "again count"
  FROM "HAPPENED_5"
  GROUP BY
    "LEAD_ID"
), "LEADS_AND_COUNTS_2" AS (
  /* All leads, with what came of their activities; nothing happened is 0. */
  SELECT
    "LEADS_AND_COUNTS".*,
    COALESCE("COUNTED_2"."again weeks", 0) AS "again weeks",
    COALESCE("COUNTED_2"."page_view 2 count", 0) AS "page_view 2 count",
    COALESCE("COUNTED_2"."purchase 3 count", 0) AS "purchase 3 count",
    COALESCE("COUNTED_2"."purchase 3 may count", 0) AS "purchase 3 may count",
    COALESCE("COUNTED_2"."again count", 0) AS "again count"
  FROM "LEADS_AND_COUNTS"
  LEFT JOIN "COUNTED_2"
    ON "LEADS_AND_COUNTS"."LEAD_ID" = "COUNTED_2"."LEAD_ID"
), "CASES" AS (
  /* Which cases of a tier hold. */
  SELECT
    *,
    "WHOLE" >= 500 AS "size large",
    "WHOLE" >= 50 AS "size medium",
    CASE WHEN "EMAIL_DOMAIN" IS NOT NULL THEN TRUE ELSE FALSE END AS "score only"
  FROM "LEADS_AND_COUNTS_2"
), "TRAITS" AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    CASE WHEN "OBJECTS" THEN TRUE ELSE FALSE END AS "OBJECTED",
    "WHOLE" >= 50
    AND "WHOLE" <= 500
    AND "PRECISE" >= CAST('1.5000' AS DECIMAL(12, 4))
    AND "PLAIN" < CAST('0.1' AS DOUBLE)
    AND "EMPLOYEES" <> 7
    AND (
      "WHOLE" = 60 OR CASE WHEN "WHOLE" IS NOT NULL THEN FALSE END OR "WHOLE" = 80
    ) AS "NUMBERS",
    (
      CASE
        WHEN ABS("PLAIN" / NULLIF(CAST("WHOLE" AS DOUBLE), CAST(0 AS DOUBLE))) <= CAST('1.7976931348623157e+308' AS DOUBLE)
        THEN "PLAIN" / NULLIF(CAST("WHOLE" AS DOUBLE), CAST(0 AS DOUBLE))
      END >= CAST('2.5' AS DOUBLE)
      OR CASE
        WHEN ABS(
          CASE
            WHEN ABS(
              CASE
                WHEN ABS("PLAIN" * CAST(2 AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
                THEN "PLAIN" * CAST(2 AS DOUBLE)
              END - CAST("WHOLE" AS DOUBLE)
            ) <= CAST('1.7976931348623157e+308' AS DOUBLE)
            THEN CASE
              WHEN ABS("PLAIN" * CAST(2 AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
              THEN "PLAIN" * CAST(2 AS DOUBLE)
            END - CAST("WHOLE" AS DOUBLE)
          END + CAST(1 AS DOUBLE)
        ) <= CAST('1.7976931348623157e+308' AS DOUBLE)
        THEN CASE
          WHEN ABS(
            CASE
              WHEN ABS("PLAIN" * CAST(2 AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
              THEN "PLAIN" * CAST(2 AS DOUBLE)
            END - CAST("WHOLE" AS DOUBLE)
          ) <= CAST('1.7976931348623157e+308' AS DOUBLE)
          THEN CASE
            WHEN ABS("PLAIN" * CAST(2 AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
            THEN "PLAIN" * CAST(2 AS DOUBLE)
          END - CAST("WHOLE" AS DOUBLE)
        END + CAST(1 AS DOUBLE)
      END < 9
    ) AS "RECKONED",
    (
      "INDUSTRY" = 'strasse & \\ \'söhne\'' OR NOT "INDUSTRY" IN ('gambling', 'tobacco')
    )
    AND (
      (
        CONTAINS("COMPANY", '100%_') OR CONTAINS("COMPANY", 'a\\b')
      )
      OR STARTSWITH("COMPANY", 'the "')
      OR (
        ENDSWITH("COMPANY", 'gmbh') OR ENDSWITH("COMPANY", 'ltd.')
      )
    )
    AND "JOB_TITLE" <> "INDUSTRY" AS "TEXTS",
    (
      REGEXP_INSTR(
        "JOB_TITLE",
        '(^|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])(vp|head[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽]+of)($|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])'
      ) > 0
      OR REGEXP_INSTR(
        "JOB_TITLE",
        '(^|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])(automat)'
      ) > 0
    ) AS "WORDS",
    NOT "EMAIL_DOMAIN" IN ('gmail.com', 'mail.example', 'o\'hara.example') AS "OWN_MAIL",
    (
      (
        ARRAYS_OVERLAP("INTERESTS", ARRAY_CONSTRUCT('webinars', 'samples'))
        AND ARRAY_SIZE(ARRAY_EXCEPT(ARRAY_CONSTRUCT('a', 'b'), "INTERESTS")) = 0
      )
      OR NOT ARRAYS_OVERLAP("INTERESTS", ARRAY_CONSTRUCT('no mail'))
    ) AS "CHOSEN",
    "SEEN_AT" >= TO_TIMESTAMP_TZ('2026-10-21 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
    AND "SEEN_AT" <= TO_TIMESTAMP_TZ('2026-11-20 12:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
    AND "RENEWED_AT" < TO_TIMESTAMP_NTZ('2026-08-20 07:00:00', 'YYYY-MM-DD HH24:MI:SS')
    AND "FOUNDED_ON" >= TO_DATE('2026-11-20', 'YYYY-MM-DD')
    AND "FOUNDED_ON" <= TO_DATE('2026-12-04', 'YYYY-MM-DD')
    AND (
      (
        CAST(CONVERT_TIMEZONE('America/New_York', "SEEN_AT") AS TIMESTAMPNTZ) >= "RENEWED_AT"
        AND CAST(CONVERT_TIMEZONE('America/New_York', "SEEN_AT") AS TIMESTAMPNTZ) <= DATEADD(HOUR, 336, "RENEWED_AT")
      )
      OR (
        "FOUNDED_ON" >= CAST(CAST(CONVERT_TIMEZONE('America/New_York', "SEEN_AT") AS TIMESTAMPNTZ) AS DATE)
        AND "FOUNDED_ON" <= DATEADD(DAY, 7, CAST(CAST(CONVERT_TIMEZONE('America/New_York', "SEEN_AT") AS TIMESTAMPNTZ) AS DATE))
      )
    )
    AND "FOUNDED_ON" < TO_DATE('2027-01-01', 'YYYY-MM-DD')
    AND "SEEN_AT" > TO_TIMESTAMP_TZ('2020-02-29 12:00:15 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')
    AND "RENEWED_AT" < CAST(CONVERT_TIMEZONE('America/New_York', "SEEN_AT") AS TIMESTAMPNTZ)
    AND (
      CAST(CAST(CONVERT_TIMEZONE('America/New_York', "SEEN_AT") AS TIMESTAMPNTZ) AS DATE) = TO_DATE('2026-01-01', 'YYYY-MM-DD')
      OR CAST(CAST(CONVERT_TIMEZONE('America/New_York', "SEEN_AT") AS TIMESTAMPNTZ) AS DATE) = TO_DATE('2026-02-01', 'YYYY-MM-DD')
    ) AS "WINDOWS",
    CASE
      WHEN "page_view 1 count" >= 3
      THEN TRUE
      WHEN (
        "page_view 1 count" + "page_view 1 may count"
      ) < 3
      THEN FALSE
    END
    AND "any activity 1 days" >= 2
    AND CASE WHEN "purchase 2 amount missing" = 0 THEN "purchase 2 amount" END >= 999500
    AND CASE
      WHEN CASE WHEN "large_order fee missing" = 0 THEN "large_order fee" + "large_order fee at most" END < 100000
      THEN TRUE
      WHEN CASE WHEN "large_order fee missing" = 0 THEN "large_order fee" + "large_order fee at least" END >= 100000
      THEN FALSE
    END
    AND "page_view or purchase 1 count" > 1 AS "COUNTED",
    CASE
      WHEN "last purchase 1" IS NULL
      THEN FALSE
      WHEN "CREATED_AT" IS NULL
      THEN NULL
      WHEN NOT (
        "last purchase 1" >= "CREATED_AT" AND "last purchase 1" <= DATEADD(HOUR, 336, "CREATED_AT")
      )
      THEN FALSE
      WHEN "last purchase 1" >= "CREATED_AT"
      AND "last purchase 1" <= DATEADD(HOUR, 336, "CREATED_AT")
      AND "last purchase 1" IS NOT NULL
      THEN TRUE
    END
    AND CASE
      WHEN CAST(CAST(CONVERT_TIMEZONE('America/New_York', "first visit") AS TIMESTAMPNTZ) AS DATE) IS NULL
      THEN FALSE
      WHEN CAST(CAST(CONVERT_TIMEZONE('America/New_York', "first visit") AS TIMESTAMPNTZ) AS DATE) >= TO_DATE('2026-05-05', 'YYYY-MM-DD')
      THEN FALSE
      WHEN CAST(CAST(CONVERT_TIMEZONE('America/New_York', "first visit") AS TIMESTAMPNTZ) AS DATE) < TO_DATE('2026-05-05', 'YYYY-MM-DD')
      AND "first visit" IS NOT NULL
      THEN TRUE
    END
    AND "page_view 2 count" >= 1
    AND CASE
      WHEN "purchase 3 count" > 0
      THEN TRUE
      WHEN (
        "purchase 3 count" + "purchase 3 may count"
      ) <= 0
      THEN FALSE
    END AS "HAPPENED",
    "WHOLE" > 5 AS "TRIED"
  FROM "CASES"
), "SCORES" AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    "visit points 10 3 per week fading 25% per 30 days" + "large_order points 100 5 per quarter fading 1 points per 7 days" + (
      LEAST("again count", 4) * 3072
    ) AS "faded at least",
    "visit points 10 3 per week fading 25% per 30 days" + "possible large_order points 100 5 per quarter fading 1 points per 7 days" + (
      LEAST("again count", 4) * 3072
    ) AS "faded at most"
  FROM "TRAITS"
), "CASES_2" AS (
  /* Which cases of a tier hold. */
  SELECT
    *,
    NOT "size large" AND "WORDS" AS "settled fine"
  FROM "SCORES"
), "TIERS" AS (
  /* Which case each tier is; null while more than one is possible. */
  SELECT
    *,
    CASE
      WHEN "size large"
      THEN 'large'
      WHEN "size large" IS NULL
      THEN NULL
      WHEN "size medium"
      THEN 'medium'
      WHEN "size medium" IS NULL
      THEN NULL
      ELSE 'small'
    END AS "SIZE"
  FROM "CASES_2"
), "SIDES" AS (
  /* What each team says of each stage. */
  SELECT
    *,
    (
      "OWN_MAIL" OR "HAPPENED"
    ) AS "sql marketing"
  FROM "TIERS"
), "TRAITS_2" AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    (
      (
        "WHOLE" IS NOT NULL AND "PLAIN" IS NULL
      )
      OR (
        "last purchase 1" IS NOT NULL AND "TEXTS" IS NOT NULL AND "SIZE" IS NULL
      )
    ) AS "IS_KNOWN"
  FROM "SIDES"
), "TIERS_2" AS (
  /* Which case each tier is; null while more than one is possible. */
  SELECT
    *,
    CASE
      WHEN "size large"
      THEN 'good'
      WHEN "size large" IS NULL
      THEN 'poor'
      WHEN "settled fine"
      THEN 'fine'
      ELSE 'poor'
    END AS "SETTLED"
  FROM "TRAITS_2"
), "SCORES_2" AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    CASE
      WHEN "score only"
      THEN LEAST(
        GREATEST(
          CASE WHEN "NUMBERS" THEN 10240 ELSE 0 END + CASE WHEN "WORDS" THEN 7680 ELSE -2304 END + CASE
            WHEN "SIZE" = 'small'
            THEN -5120
            WHEN "SIZE" = 'large'
            THEN 20480
            WHEN "SIZE" IS NOT NULL
            THEN 0
            WHEN "size large"
            THEN 20480
            WHEN (
              "size large" OR "size medium"
            )
            THEN 0
            ELSE -5120
          END + LEAST("visit points 2 2 per day", 30720) + "large_order points 5  fading half per 14 days" + (
            (
              "again weeks" * 1024
            ) * -1
          ) + 5120,
          -20480
        ),
        102400
      )
    END AS "score at least",
    CASE
      WHEN "score only"
      THEN LEAST(
        GREATEST(
          CASE WHEN NOT "NUMBERS" THEN 0 ELSE 10240 END + CASE WHEN NOT "WORDS" THEN -2304 ELSE 7680 END + CASE
            WHEN "SIZE" = 'small'
            THEN -5120
            WHEN "SIZE" = 'large'
            THEN 20480
            WHEN "SIZE" IS NOT NULL
            THEN 0
            WHEN NOT "size large" AND NOT "size medium"
            THEN -5120
            WHEN NOT "size large"
            THEN 0
            ELSE 20480
          END + LEAST("visit points 2 2 per day", 30720) + "possible large_order points 5  fading half per 14 days" + (
            (
              "again weeks" * 1024
            ) * -1
          ) + 5120,
          -20480
        ),
        102400
      )
    END AS "score at most"
  FROM "TIERS_2"
), "TRAITS_3" AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    CASE
      WHEN (
        CASE WHEN "NUMBERS" THEN 1 ELSE 0 END + CASE WHEN "TEXTS" THEN 1 ELSE 0 END + CASE WHEN NOT "WORDS" THEN 1 ELSE 0 END + CASE
          WHEN CASE WHEN "score at least" >= 12800 THEN TRUE WHEN "score at most" < 12800 THEN FALSE END
          THEN 1
          ELSE 0
        END
      ) >= 2
      THEN TRUE
      WHEN (
        CASE WHEN (
          "NUMBERS" OR "NUMBERS" IS NULL
        ) THEN 1 ELSE 0 END + CASE WHEN (
          "TEXTS" OR "TEXTS" IS NULL
        ) THEN 1 ELSE 0 END + CASE WHEN (
          NOT "WORDS" OR (
            NOT "WORDS"
          ) IS NULL
        ) THEN 1 ELSE 0 END + CASE
          WHEN (
            CASE WHEN "score at least" >= 12800 THEN TRUE WHEN "score at most" < 12800 THEN FALSE END
            OR CASE WHEN "score at least" >= 12800 THEN TRUE WHEN "score at most" < 12800 THEN FALSE END IS NULL
          )
          THEN 1
          ELSE 0
        END
      ) < 2
      THEN FALSE
    END AS "TWO_OF_FOUR"
  FROM "SCORES_2"
), "SCORES_3" AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    CASE WHEN "score only" THEN LEAST(CAST("score at least" / 2 AS BIGINT) + "faded at least", 204800) END AS "both at least",
    CASE WHEN "score only" THEN LEAST(CAST("score at most" / 2 AS BIGINT) + "faded at most", 204800) END AS "both at most"
  FROM "TRAITS_3"
), "SIDES_2" AS (
  /* What each team says of each stage. */
  SELECT
    *,
    "TEXTS"
    AND CASE WHEN "score at least" >= 20480 THEN TRUE WHEN "score at most" < 20480 THEN FALSE END
    AND "COUNTED" AS "mql marketing",
    (
      "WINDOWS" OR "RECKONED" OR "IS_KNOWN"
    ) AS "nurture marketing"
  FROM "SCORES_3"
), "SIDES_3" AS (
  /* What each team says of each stage. */
  SELECT
    *,
    "TWO_OF_FOUR"
    AND (
      "SETTLED" = 'good'
      OR CASE
        WHEN "both at least" > "score at most"
        THEN TRUE
        WHEN "score at least" >= "both at most"
        THEN FALSE
      END
    ) AS "sql sales"
  FROM "SIDES_2"
), "STAGES" AS (
  /* How each stage stands. */
  SELECT
    *,
    CASE
      WHEN "CHOSEN"
      THEN 'disqualified'
      WHEN NOT "mql marketing"
      THEN 'not_yet'
      WHEN "mql marketing" AND NOT "CHOSEN"
      THEN 'reached'
      ELSE 'undetermined'
    END AS "mql state",
    CASE
      WHEN NOT "nurture marketing"
      THEN 'not_yet'
      WHEN "nurture marketing"
      THEN 'reached'
      ELSE 'undetermined'
    END AS "nurture state"
  FROM "SIDES_3"
), "STAGES_2" AS (
  /* How each stage stands. */
  SELECT
    *,
    CASE
      WHEN "mql state" = 'disqualified'
      THEN 'disqualified'
      WHEN (
        NOT "sql sales" OR NOT "sql marketing" OR "mql state" = 'not_yet'
      )
      THEN 'not_yet'
      WHEN "mql state" = 'reached' AND "sql sales" AND "sql marketing"
      THEN 'reached'
      ELSE 'undetermined'
    END AS "sql state"
  FROM "STAGES"
)
SELECT
  "LEAD_ID",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN CASE
      WHEN "sql state" = 'reached'
      THEN 'sql'
      WHEN "mql state" = 'reached'
      THEN 'mql'
      WHEN "nurture state" = 'reached'
      THEN 'nurture'
    END
  END AS "STAGE",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "mql state" END AS "MQL_STATE",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "mql marketing" END AS "MQL_MARKETING",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "sql state" END AS "SQL_STATE",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "sql sales" END AS "SQL_SALES",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "sql marketing" END AS "SQL_MARKETING",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "nurture state" END AS "NURTURE_STATE",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "nurture marketing" END AS "NURTURE_MARKETING",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN CAST("score at least" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "SCORE_AT_LEAST",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN CAST("score at most" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "SCORE_AT_MOST",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN CAST("faded at least" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "FADED_AT_LEAST",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN CAST("faded at most" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "FADED_AT_MOST",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN CAST("both at least" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "BOTH_AT_LEAST",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN CAST("both at most" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "BOTH_AT_MOST",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "SIZE" END AS "SIZE",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "SETTLED" END AS "SETTLED",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "OBJECTED" END AS "OBJECTED",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "NUMBERS" END AS "NUMBERS",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "RECKONED" END AS "RECKONED",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "TEXTS" END AS "TEXTS",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "WORDS" END AS "WORDS",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "OWN_MAIL" END AS "OWN_MAIL",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "CHOSEN" END AS "CHOSEN",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "IS_KNOWN" END AS "IS_KNOWN",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "WINDOWS" END AS "WINDOWS",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "TWO_OF_FOUR" END AS "TWO_OF_FOUR",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "COUNTED" END AS "COUNTED",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "HAPPENED" END AS "HAPPENED",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN CASE
      WHEN "mql state" = 'disqualified' AND "CHOSEN"
      THEN 'It is barred from being an MQL (Marketing-qualified lead): chosen.'
      WHEN "mql state" = 'disqualified'
      THEN 'It is barred from being an MQL (Marketing-qualified lead).'
      WHEN "mql state" = 'not_yet' AND NOT "mql marketing"
      THEN 'It is not an MQL (Marketing-qualified lead): Marketing says no.'
      WHEN "mql state" = 'not_yet'
      THEN 'It is not an MQL (Marketing-qualified lead).'
      WHEN "mql state" = 'undetermined' AND "mql marketing" IS NULL
      THEN 'Whether it is an MQL (Marketing-qualified lead) is open: Marketing can\'t say yet.'
      WHEN "mql state" = 'undetermined'
      THEN 'Whether it is an MQL (Marketing-qualified lead) is open: nobody knows whether it is barred.'
      WHEN "sql state" = 'disqualified'
      THEN 'It is barred from being an SQL.'
      WHEN "sql state" = 'not_yet' AND NOT "sql sales"
      THEN 'It is not an SQL: Sales says no.'
      WHEN "sql state" = 'not_yet' AND NOT "sql marketing"
      THEN 'It is not an SQL: Marketing says no.'
      WHEN "sql state" = 'not_yet'
      THEN 'It is not an SQL.'
      WHEN "sql state" = 'undetermined' AND "sql sales" IS NULL
      THEN 'Whether it is an SQL is open: Sales can\'t say yet.'
      WHEN "sql state" = 'undetermined' AND "sql marketing" IS NULL
      THEN 'Whether it is an SQL is open: Marketing can\'t say yet.'
      WHEN "sql state" = 'undetermined'
      THEN 'Whether it is an SQL is open: nobody knows whether it is barred.'
      ELSE 'It is an SQL.'
    END
  END AS "REASON",
  CASE
    WHEN NOT COALESCE("OBJECTED", FALSE)
    THEN ARRAY_TO_STRING(
      ARRAY_CONSTRUCT_COMPACT(
        CASE WHEN "CHOSEN" THEN 'chosen=yes' END,
        CASE WHEN NOT "OBJECTED" THEN 'objected=no' END,
        CASE WHEN NOT "NUMBERS" THEN 'numbers=no' END,
        CASE WHEN NOT "RECKONED" THEN 'reckoned=no' END,
        CASE WHEN NOT "TEXTS" THEN 'texts=no' END,
        CASE WHEN NOT "WORDS" THEN 'words=no' END,
        CASE WHEN NOT "OWN_MAIL" THEN 'own_mail=no' END,
        CASE WHEN NOT "CHOSEN" THEN 'chosen=no' END,
        CASE WHEN NOT "IS_KNOWN" THEN 'is_known=no' END,
        CASE WHEN NOT "WINDOWS" THEN 'windows=no' END,
        CASE WHEN NOT "TWO_OF_FOUR" THEN 'two_of_four=no' END,
        CASE WHEN NOT "COUNTED" THEN 'counted=no' END,
        CASE WHEN NOT "HAPPENED" THEN 'happened=no' END,
        CASE WHEN "OBJECTED" IS NULL THEN 'objected=unknown' END,
        CASE WHEN "NUMBERS" IS NULL THEN 'numbers=unknown' END,
        CASE WHEN "RECKONED" IS NULL THEN 'reckoned=unknown' END,
        CASE WHEN "TEXTS" IS NULL THEN 'texts=unknown' END,
        CASE WHEN "WORDS" IS NULL THEN 'words=unknown' END,
        CASE WHEN "OWN_MAIL" IS NULL THEN 'own_mail=unknown' END,
        CASE WHEN "CHOSEN" IS NULL THEN 'chosen=unknown' END,
        CASE WHEN "IS_KNOWN" IS NULL THEN 'is_known=unknown' END,
        CASE WHEN "WINDOWS" IS NULL THEN 'windows=unknown' END,
        CASE WHEN "TWO_OF_FOUR" IS NULL THEN 'two_of_four=unknown' END,
        CASE WHEN "COUNTED" IS NULL THEN 'counted=unknown' END,
        CASE WHEN "HAPPENED" IS NULL THEN 'happened=unknown' END,
        CASE WHEN "SIZE" IS NULL THEN 'size=unknown' END,
        CASE WHEN "SETTLED" IS NULL THEN 'settled=unknown' END,
        CASE WHEN "OBJECTED" THEN 'objected=yes' END,
        CASE WHEN "NUMBERS" THEN 'numbers=yes' END,
        CASE WHEN "RECKONED" THEN 'reckoned=yes' END,
        CASE WHEN "TEXTS" THEN 'texts=yes' END,
        CASE WHEN "WORDS" THEN 'words=yes' END,
        CASE WHEN "OWN_MAIL" THEN 'own_mail=yes' END,
        CASE WHEN "IS_KNOWN" THEN 'is_known=yes' END,
        CASE WHEN "WINDOWS" THEN 'windows=yes' END,
        CASE WHEN "TWO_OF_FOUR" THEN 'two_of_four=yes' END,
        CASE WHEN "COUNTED" THEN 'counted=yes' END,
        CASE WHEN "HAPPENED" THEN 'happened=yes' END,
        CASE WHEN "SIZE" = 'large' THEN 'size=large' END,
        CASE WHEN "SIZE" = 'medium' THEN 'size=medium' END,
        CASE WHEN "SIZE" = 'small' THEN 'size=small' END,
        CASE WHEN "SETTLED" = 'good' THEN 'settled=good' END,
        CASE WHEN "SETTLED" = 'fine' THEN 'settled=fine' END,
        CASE WHEN "SETTLED" = 'poor' THEN 'settled=poor' END
      ),
      ', '
    )
  END AS "REASONS",
  CASE WHEN NOT COALESCE("OBJECTED", FALSE) THEN "TRIED" END AS "SHADOW_TRIED"
FROM "STAGES_2"
