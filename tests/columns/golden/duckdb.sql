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
WITH "fields" AS (
  /* What is known of each lead, as it is compared: texts without case and white space, nothing for blanks. */
  SELECT
    "id" AS "lead_id",
    "objects" AS "objects",
    CAST("whole" AS BIGINT) AS "whole",
    "precise" AS "precise",
    CASE
      WHEN ABS(CAST("plain" AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
      THEN CAST("plain" AS DOUBLE)
    END AS "plain",
    CASE
      WHEN ABS(CAST("employees" AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
      THEN "employees"
    END AS "employees",
    CASE
      WHEN STRLEN("industry") <> LENGTH("industry") OR "industry" < '!' OR SUBSTRING("industry", -1) <= ' '
      THEN REPLACE(
        REPLACE(
          LOWER(
            REPLACE(
              NULLIF(
                TRIM(
                  NFC_NORMALIZE("industry"),
                  CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
      ELSE LOWER("industry")
    END AS "industry",
    CASE
      WHEN STRLEN("company") <> LENGTH("company") OR "company" < '!' OR SUBSTRING("company", -1) <= ' '
      THEN REPLACE(
        REPLACE(
          LOWER(
            REPLACE(
              NULLIF(
                TRIM(
                  NFC_NORMALIZE("company"),
                  CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
      ELSE LOWER("company")
    END AS "company",
    CASE
      WHEN STRLEN("job_title") <> LENGTH("job_title") OR "job_title" < '!' OR SUBSTRING("job_title", -1) <= ' '
      THEN REPLACE(
        REPLACE(
          LOWER(
            REPLACE(
              NULLIF(
                TRIM(
                  NFC_NORMALIZE("job_title"),
                  CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
      ELSE LOWER("job_title")
    END AS "job_title",
    COALESCE(
      CASE
        WHEN STRLEN("email_domain") <> LENGTH("email_domain")
        OR "email_domain" < '!'
        OR SUBSTRING("email_domain", -1) <= ' '
        THEN REPLACE(
          REPLACE(
            LOWER(
              REPLACE(
                NULLIF(
                  TRIM(
                    NFC_NORMALIZE("email_domain"),
                    CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
        ELSE LOWER("email_domain")
      END,
      CASE
        WHEN STRLEN(CASE WHEN CONTAINS("email", '@') THEN STRING_SPLIT("email", '@')[-1] END) <> LENGTH(CASE WHEN CONTAINS("email", '@') THEN STRING_SPLIT("email", '@')[-1] END)
        OR CASE WHEN CONTAINS("email", '@') THEN STRING_SPLIT("email", '@')[-1] END < '!'
        OR SUBSTRING(CASE WHEN CONTAINS("email", '@') THEN STRING_SPLIT("email", '@')[-1] END, -1) <= ' '
        THEN REPLACE(
          REPLACE(
            LOWER(
              REPLACE(
                NULLIF(
                  TRIM(
                    NFC_NORMALIZE(CASE WHEN CONTAINS("email", '@') THEN STRING_SPLIT("email", '@')[-1] END),
                    CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
        ELSE LOWER(CASE WHEN CONTAINS("email", '@') THEN STRING_SPLIT("email", '@')[-1] END)
      END
    ) AS "email_domain",
    LIST_FILTER(
      LIST_TRANSFORM(
        "interests",
        LAMBDA "each" : CASE
          WHEN STRLEN("each") <> LENGTH("each") OR "each" < '!' OR SUBSTRING("each", -1) <= ' '
          THEN REPLACE(
            REPLACE(
              LOWER(
                REPLACE(
                  NULLIF(
                    TRIM(
                      NFC_NORMALIZE("each"),
                      CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
          ELSE LOWER("each")
        END
      ),
      LAMBDA "each" : "each" IS NOT NULL
    ) AS "interests",
    CAST("seen_at" AS TIMESTAMPTZ) AS "seen_at",
    CAST("renewed_at" AS TIMESTAMP) AS "renewed_at",
    CAST("founded_on" AS DATE) AS "founded_on",
    CAST("created_at" AS TIMESTAMPTZ) AS "created_at"
  FROM crm.leads
), "happened" AS (
  /* The activities that anything asks for, up to as_of. */
  SELECT
    "lead_id",
    CASE
      WHEN "type" IN (
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
      THEN "type"
      ELSE TRIM(
        "type",
        CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
      )
    END AS "type",
    CAST("at" AS TIMESTAMPTZ) AS "at",
    "amount" AS "amount",
    LIST_FILTER(
      LIST_TRANSFORM(
        "tags",
        LAMBDA "each" : CASE
          WHEN STRLEN("each") <> LENGTH("each") OR "each" < '!' OR SUBSTRING("each", -1) <= ' '
          THEN REPLACE(
            REPLACE(
              LOWER(
                REPLACE(
                  NULLIF(
                    TRIM(
                      NFC_NORMALIZE("each"),
                      CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
          ELSE LOWER("each")
        END
      ),
      LAMBDA "each" : "each" IS NOT NULL
    ) AS "tags",
    CASE
      WHEN STRLEN("page") <> LENGTH("page") OR "page" < '!' OR SUBSTRING("page", -1) <= ' '
      THEN REPLACE(
        REPLACE(
          LOWER(
            REPLACE(
              NULLIF(
                TRIM(
                  NFC_NORMALIZE("page"),
                  CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
      ELSE LOWER("page")
    END AS "page",
    CAST("seconds" AS BIGINT) AS "seconds",
    CASE
      WHEN ABS(CAST("fee" AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
      THEN CAST("fee" AS DOUBLE)
    END AS "fee",
    CAST("ended_at" AS TIMESTAMP) AS "ended_at",
    CAST("due_on" AS DATE) AS "due_on",
    "first_time" AS "first_time"
  FROM crm.activities
  WHERE
    CASE
      WHEN "type" IN (
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
        "type",
        CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || CHR(28) || CHR(29) || CHR(30) || CHR(31) || CHR(32) || CHR(133) || CHR(160) || CHR(5760) || CHR(8192) || CHR(8193) || CHR(8194) || CHR(8195) || CHR(8196) || CHR(8197) || CHR(8198) || CHR(8199) || CHR(8200) || CHR(8201) || CHR(8202) || CHR(8232) || CHR(8233) || CHR(8239) || CHR(8287) || CHR(12288)
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
    AND CAST("at" AS TIMESTAMPTZ) <= CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMPTZ)
), "happened_2" AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    "type" = 'purchase' AS "is purchase 1",
    "type" = 'page_view' AS "is visit",
    "type" = 'purchase'
    AND (
      "amount" > CAST('100.00' AS DECIMAL(12, 2)) OR NOT LIST_HAS_ANY("tags", ['test'])
    ) AS "is large_order",
    "type" = 'page_view'
    AND CONTAINS("page", '/pricing')
    AND "seconds" > 2
    AND "at" >= CAST('2026-11-06 12:00:00+00:00' AS TIMESTAMPTZ) AS "is page_view 1",
    "at" >= CAST('2026-10-20 11:00:00+00:00' AS TIMESTAMPTZ) AS "is any activity 1",
    "type" = 'purchase' AND "at" >= CAST('2025-11-20 12:00:00+00:00' AS TIMESTAMPTZ) AS "is purchase 2",
    "type" IN ('page_view', 'purchase') AS "is page_view or purchase 1",
    "type" = 'recycled' AS "is recycled 1"
  FROM "happened"
), "happened_3" AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY "lead_id", "is visit", CAST(TIMEZONE('America/New_York', "at") AS DATE)
      ORDER BY "at" DESC
    ) AS "place of visit day",
    ROW_NUMBER() OVER (
      PARTITION BY "lead_id", "is visit", CAST(DATE_TRUNC('week', CAST(TIMEZONE('America/New_York', "at") AS DATE)) AS DATE)
      ORDER BY "at" DESC
    ) AS "place of visit week",
    ROW_NUMBER() OVER (
      PARTITION BY "lead_id", "is large_order", CAST(DATE_TRUNC('quarter', CAST(TIMEZONE('America/New_York', "at") AS DATE)) AS DATE)
      ORDER BY "at" DESC
    ) AS "place of large_order quarter",
    ROW_NUMBER() OVER (
      PARTITION BY "lead_id", (
        "is large_order" OR "is large_order" IS NULL
      ), CAST(DATE_TRUNC('quarter', CAST(TIMEZONE('America/New_York', "at") AS DATE)) AS DATE)
      ORDER BY "at" DESC
    ) AS "place of possible large_order quarter"
  FROM "happened_2"
), "counted" AS (
  /* What came of each lead's activities. */
  SELECT
    "lead_id",
    MAX(CASE WHEN "is purchase 1" THEN "at" END) AS "last purchase 1",
    CAST(SUM(CASE WHEN "is visit" AND "place of visit day" <= 2 THEN 2048 ELSE 0 END) AS BIGINT) AS "visit points 2 2 per day",
    CAST(SUM(
      CASE
        WHEN "is large_order"
        THEN CASE
          WHEN "at" > CAST('2026-11-06 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 5120
          WHEN "at" > CAST('2026-10-23 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 2560
          WHEN "at" > CAST('2026-10-09 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 1280
          WHEN "at" > CAST('2026-09-25 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 640
          WHEN "at" > CAST('2026-09-11 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 320
          WHEN "at" > CAST('2026-08-28 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 160
          WHEN "at" > CAST('2026-08-14 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 80
          WHEN "at" > CAST('2026-07-31 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 40
          WHEN "at" > CAST('2026-07-17 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 20
          WHEN "at" > CAST('2026-07-03 12:00:00+00:00' AS TIMESTAMPTZ)
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
          WHEN "at" > CAST('2026-11-06 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 5120
          WHEN "at" > CAST('2026-10-23 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 2560
          WHEN "at" > CAST('2026-10-09 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 1280
          WHEN "at" > CAST('2026-09-25 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 640
          WHEN "at" > CAST('2026-09-11 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 320
          WHEN "at" > CAST('2026-08-28 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 160
          WHEN "at" > CAST('2026-08-14 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 80
          WHEN "at" > CAST('2026-07-31 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 40
          WHEN "at" > CAST('2026-07-17 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 20
          WHEN "at" > CAST('2026-07-03 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 10
          ELSE 0
        END
        ELSE 0
      END
    ) AS BIGINT) AS "possible large_order points 5  fading half per 14 days",
    COUNT(*) FILTER(WHERE
      "is page_view 1") AS "page_view 1 count",
    COUNT(*) FILTER(WHERE
      "is page_view 1" IS NULL) AS "page_view 1 may count",
    COUNT(DISTINCT CASE WHEN "is any activity 1" THEN CAST(TIMEZONE('America/New_York', "at") AS DATE) END) AS "any activity 1 days",
    COUNT(*) FILTER(WHERE
      "is purchase 2"
      AND CASE
        WHEN "amount" < 1000000000000 AND "amount" > -1000000000000
        THEN CAST(CAST("amount" * 10000 AS BIGINT) AS INT128)
      END IS NULL) AS "purchase 2 amount missing",
    SUM(
      CASE
        WHEN "is purchase 2"
        THEN CASE
          WHEN "amount" < 1000000000000 AND "amount" > -1000000000000
          THEN CAST(CAST("amount" * 10000 AS BIGINT) AS INT128)
        END
        ELSE 0
      END
    ) AS "purchase 2 amount",
    COUNT(*) FILTER(WHERE
      (
        "is large_order" OR "is large_order" IS NULL
      )
      AND CASE
        WHEN "fee" < 1000000000000 AND "fee" > -1000000000000
        THEN CAST(CAST(FLOOR("fee" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT) AS INT128)
      END IS NULL) AS "large_order fee missing",
    SUM(
      CASE
        WHEN "is large_order"
        THEN CASE
          WHEN "fee" < 1000000000000 AND "fee" > -1000000000000
          THEN CAST(CAST(FLOOR("fee" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT) AS INT128)
        END
        ELSE 0
      END
    ) AS "large_order fee",
    SUM(
      CASE
        WHEN "is large_order" IS NULL
        THEN CASE
          WHEN CASE
            WHEN "fee" < 1000000000000 AND "fee" > -1000000000000
            THEN CAST(CAST(FLOOR("fee" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT) AS INT128)
          END IS NOT NULL
          THEN LEAST(
            CASE
              WHEN "fee" < 1000000000000 AND "fee" > -1000000000000
              THEN CAST(CAST(FLOOR("fee" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT) AS INT128)
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
            WHEN "fee" < 1000000000000 AND "fee" > -1000000000000
            THEN CAST(CAST(FLOOR("fee" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT) AS INT128)
          END IS NOT NULL
          THEN GREATEST(
            CASE
              WHEN "fee" < 1000000000000 AND "fee" > -1000000000000
              THEN CAST(CAST(FLOOR("fee" * CAST(10000 AS DOUBLE) + CAST('0.5' AS DOUBLE)) AS BIGINT) AS INT128)
            END,
            0
          )
        END
        ELSE 0
      END
    ) AS "large_order fee at most",
    COUNT(*) FILTER(WHERE
      "is page_view or purchase 1") AS "page_view or purchase 1 count",
    MIN(CASE WHEN "is visit" THEN "at" END) AS "first visit",
    MAX(CASE WHEN "is recycled 1" THEN "at" END) AS "last recycled 1",
    CAST(SUM(
      CASE
        WHEN "is visit" AND "place of visit week" <= 3
        THEN CASE
          WHEN "at" > CAST('2026-10-21 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 10240
          WHEN "at" > CAST('2026-09-21 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 7680
          WHEN "at" > CAST('2026-08-22 12:00:00+00:00' AS TIMESTAMPTZ)
          THEN 5120
          WHEN "at" > CAST('2026-07-23 12:00:00+00:00' AS TIMESTAMPTZ)
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
          WHEN (
            (
              EPOCH_US(CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMPTZ)) - EPOCH_US("at")
            ) // 604800000000
          ) < 100
          THEN 102400 + (
            (
              (
                EPOCH_US(CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMPTZ)) - EPOCH_US("at")
              ) // 604800000000
            ) * -1024
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
          WHEN (
            (
              EPOCH_US(CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMPTZ)) - EPOCH_US("at")
            ) // 604800000000
          ) < 100
          THEN 102400 + (
            (
              (
                EPOCH_US(CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMPTZ)) - EPOCH_US("at")
              ) // 604800000000
            ) * -1024
          )
          ELSE 0
        END
        ELSE 0
      END
    ) AS BIGINT) AS "possible large_order points 100 5 per quarter fading 1 points per 7 days"
  FROM "happened_3"
  GROUP BY
    "lead_id"
), "leads_and_counts" AS (
  /* All leads, with what came of their activities; nothing happened is 0. */
  SELECT
    "fields".*,
    "counted"."last purchase 1" AS "last purchase 1",
    COALESCE("counted"."visit points 2 2 per day", 0) AS "visit points 2 2 per day",
    COALESCE("counted"."large_order points 5  fading half per 14 days", 0) AS "large_order points 5  fading half per 14 days",
    COALESCE("counted"."possible large_order points 5  fading half per 14 days", 0) AS "possible large_order points 5  fading half per 14 days",
    COALESCE("counted"."page_view 1 count", 0) AS "page_view 1 count",
    COALESCE("counted"."page_view 1 may count", 0) AS "page_view 1 may count",
    COALESCE("counted"."any activity 1 days", 0) AS "any activity 1 days",
    COALESCE("counted"."purchase 2 amount missing", 0) AS "purchase 2 amount missing",
    COALESCE("counted"."purchase 2 amount", 0) AS "purchase 2 amount",
    COALESCE("counted"."large_order fee missing", 0) AS "large_order fee missing",
    COALESCE("counted"."large_order fee", 0) AS "large_order fee",
    COALESCE("counted"."large_order fee at least", 0) AS "large_order fee at least",
    COALESCE("counted"."large_order fee at most", 0) AS "large_order fee at most",
    COALESCE("counted"."page_view or purchase 1 count", 0) AS "page_view or purchase 1 count",
    "counted"."first visit" AS "first visit",
    "counted"."last recycled 1" AS "last recycled 1",
    COALESCE("counted"."visit points 10 3 per week fading 25% per 30 days", 0) AS "visit points 10 3 per week fading 25% per 30 days",
    COALESCE("counted"."large_order points 100 5 per quarter fading 1 points per 7 days", 0) AS "large_order points 100 5 per quarter fading 1 points per 7 days",
    COALESCE("counted"."possible large_order points 100 5 per quarter fading 1 points per 7 days", 0) AS "possible large_order points 100 5 per quarter fading 1 points per 7 days"
  FROM "fields"
  LEFT JOIN "counted"
    ON "fields"."lead_id" = "counted"."lead_id"
), "happened_4" AS (
  /* Which activities each question means, in turn. */
  SELECT
    "happened_3".*,
    "leads_and_counts"."last purchase 1" AS "lead last purchase 1",
    "leads_and_counts"."last recycled 1" AS "lead last recycled 1",
    "leads_and_counts"."first visit" AS "lead first visit"
  FROM "happened_3"
  JOIN "leads_and_counts"
    ON "happened_3"."lead_id" = "leads_and_counts"."lead_id"
), "happened_5" AS (
  /* Which activities each question means, in turn. */
  SELECT
    *,
    "type" = 'page_view'
    AND CASE WHEN "lead last purchase 1" IS NULL THEN TRUE ELSE "at" > "lead last purchase 1" END AS "is again",
    "type" = 'page_view'
    AND CASE WHEN "lead last recycled 1" IS NULL THEN TRUE ELSE "at" > "lead last recycled 1" END AS "is page_view 2",
    "type" = 'purchase'
    AND "ended_at" >= CAST('2026-11-18 07:00:00' AS TIMESTAMP)
    AND "ended_at" <= CAST('2026-11-20 07:00:00' AS TIMESTAMP)
    AND "due_on" >= CAST('2026-11-20' AS DATE)
    AND "due_on" <= CAST('2027-05-20' AS DATE)
    AND LIST_HAS_ANY("tags", ['x'])
    AND "first_time"
    AND CASE
      WHEN "lead first visit" IS NULL
      THEN FALSE
      WHEN "at" IS NULL
      THEN NULL
      WHEN NOT (
        "at" >= "lead first visit" AND "at" <= (
          "lead first visit" + TO_HOURS(168)
        )
      )
      THEN FALSE
      WHEN "at" >= "lead first visit"
      AND "at" <= (
        "lead first visit" + TO_HOURS(168)
      )
      AND "lead first visit" IS NOT NULL
      THEN TRUE
    END AS "is purchase 3"
  FROM "happened_4"
), "counted_2" AS (
  /* What came of each lead's activities. */
  SELECT
    "lead_id",
    COUNT(
      DISTINCT CASE
        WHEN "is again"
        THEN CAST(DATE_TRUNC('week', CAST(TIMEZONE('America/New_York', "at") AS DATE)) AS DATE)
      END
    ) AS "again weeks",
    COUNT(*) FILTER(WHERE
      "is page_view 2") AS "page_view 2 count",
    COUNT(*) FILTER(WHERE
      "is purchase 3") AS "purchase 3 count",
    COUNT(*) FILTER(WHERE
      "is purchase 3" IS NULL) AS "purchase 3 may count",
    COUNT(*) FILTER(WHERE
      "is again") AS "again count"
  FROM "happened_5"
  GROUP BY
    "lead_id"
), "leads_and_counts_2" AS (
  /* All leads, with what came of their activities; nothing happened is 0. */
  SELECT
    "leads_and_counts".*,
    COALESCE("counted_2"."again weeks", 0) AS "again weeks",
    COALESCE("counted_2"."page_view 2 count", 0) AS "page_view 2 count",
    COALESCE("counted_2"."purchase 3 count", 0) AS "purchase 3 count",
    COALESCE("counted_2"."purchase 3 may count", 0) AS "purchase 3 may count",
    COALESCE("counted_2"."again count", 0) AS "again count"
  FROM "leads_and_counts"
  LEFT JOIN "counted_2"
    ON "leads_and_counts"."lead_id" = "counted_2"."lead_id"
), "cases" AS (
  /* Which cases of a tier hold. */
  SELECT
    *,
    "whole" >= 500 AS "size large",
    "whole" >= 50 AS "size medium",
    CASE WHEN "email_domain" IS NOT NULL THEN TRUE ELSE FALSE END AS "score only"
  FROM "leads_and_counts_2"
), "traits" AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    CASE WHEN "objects" THEN TRUE ELSE FALSE END AS "objected",
    "whole" >= 50
    AND "whole" <= 500
    AND "precise" >= CAST('1.5000' AS DECIMAL(12, 4))
    AND "plain" < CAST('0.1' AS DOUBLE)
    AND "employees" <> 7
    AND (
      "whole" = 60 OR CASE WHEN "whole" IS NOT NULL THEN FALSE END OR "whole" = 80
    ) AS "numbers",
    (
      CASE
        WHEN ABS("plain" / NULLIF(CAST("whole" AS DOUBLE), CAST(0 AS DOUBLE))) <= CAST('1.7976931348623157e+308' AS DOUBLE)
        THEN "plain" / NULLIF(CAST("whole" AS DOUBLE), CAST(0 AS DOUBLE))
      END >= CAST('2.5' AS DOUBLE)
      OR CASE
        WHEN ABS(
          CASE
            WHEN ABS(
              CASE
                WHEN ABS("plain" * CAST(2 AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
                THEN "plain" * CAST(2 AS DOUBLE)
              END - CAST("whole" AS DOUBLE)
            ) <= CAST('1.7976931348623157e+308' AS DOUBLE)
            THEN CASE
              WHEN ABS("plain" * CAST(2 AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
              THEN "plain" * CAST(2 AS DOUBLE)
            END - CAST("whole" AS DOUBLE)
          END + CAST(1 AS DOUBLE)
        ) <= CAST('1.7976931348623157e+308' AS DOUBLE)
        THEN CASE
          WHEN ABS(
            CASE
              WHEN ABS("plain" * CAST(2 AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
              THEN "plain" * CAST(2 AS DOUBLE)
            END - CAST("whole" AS DOUBLE)
          ) <= CAST('1.7976931348623157e+308' AS DOUBLE)
          THEN CASE
            WHEN ABS("plain" * CAST(2 AS DOUBLE)) <= CAST('1.7976931348623157e+308' AS DOUBLE)
            THEN "plain" * CAST(2 AS DOUBLE)
          END - CAST("whole" AS DOUBLE)
        END + CAST(1 AS DOUBLE)
      END < 9
    ) AS "reckoned",
    (
      "industry" = 'strasse & \ ''söhne''' OR NOT "industry" IN ('gambling', 'tobacco')
    )
    AND (
      (
        CONTAINS("company", '100%_') OR CONTAINS("company", 'a\b')
      )
      OR STARTS_WITH("company", 'the "')
      OR (
        ENDS_WITH("company", 'gmbh') OR ENDS_WITH("company", 'ltd.')
      )
    )
    AND "job_title" <> "industry" AS "texts",
    (
      REGEXP_MATCHES(
        "job_title",
        '(^|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])(vp|head[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽]+of)($|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])'
      )
      OR REGEXP_MATCHES(
        "job_title",
        '(^|[^0-9A-Za-zª²-³µ¹-º¼-¾À-ÖØ-öø-ᙿᚁ-῿‌-‍⁰-₟⃐-↏①-⓿Ⰰ-ⷿ⺀-⿯々-〇〡-〯〱-〼぀-ヺー-퟿豈-ﴽ﵀-﷿︠-︯ﹰ-﻾０-９Ａ-Ｚａ-ｚｦ-￟𐀀-𞿿🬀-𿿽])(automat)'
      )
    ) AS "words",
    NOT "email_domain" IN ('gmail.com', 'mail.example', 'o''hara.example') AS "own_mail",
    (
      (
        LIST_HAS_ANY("interests", ['webinars', 'samples']) AND LIST_HAS_ALL("interests", ['a', 'b'])
      )
      OR NOT LIST_HAS_ANY("interests", ['no mail'])
    ) AS "chosen",
    "seen_at" >= CAST('2026-10-21 12:00:00+00:00' AS TIMESTAMPTZ)
    AND "seen_at" <= CAST('2026-11-20 12:00:00+00:00' AS TIMESTAMPTZ)
    AND "renewed_at" < CAST('2026-08-20 07:00:00' AS TIMESTAMP)
    AND "founded_on" >= CAST('2026-11-20' AS DATE)
    AND "founded_on" <= CAST('2026-12-04' AS DATE)
    AND (
      (
        TIMEZONE('America/New_York', "seen_at") >= "renewed_at"
        AND TIMEZONE('America/New_York', "seen_at") <= (
          "renewed_at" + TO_HOURS(336)
        )
      )
      OR (
        "founded_on" >= CAST(TIMEZONE('America/New_York', "seen_at") AS DATE)
        AND "founded_on" <= (
          CAST(TIMEZONE('America/New_York', "seen_at") AS DATE) + CAST(7 AS INT)
        )
      )
    )
    AND "founded_on" < CAST('2027-01-01' AS DATE)
    AND "seen_at" > CAST('2020-02-29 12:00:15+00:00' AS TIMESTAMPTZ)
    AND "renewed_at" < TIMEZONE('America/New_York', "seen_at")
    AND (
      CAST(TIMEZONE('America/New_York', "seen_at") AS DATE) = CAST('2026-01-01' AS DATE)
      OR CAST(TIMEZONE('America/New_York', "seen_at") AS DATE) = CAST('2026-02-01' AS DATE)
    ) AS "windows",
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
    AND "page_view or purchase 1 count" > 1 AS "counted",
    CASE
      WHEN "last purchase 1" IS NULL
      THEN FALSE
      WHEN "created_at" IS NULL
      THEN NULL
      WHEN NOT (
        "last purchase 1" >= "created_at" AND "last purchase 1" <= (
          "created_at" + TO_HOURS(336)
        )
      )
      THEN FALSE
      WHEN "last purchase 1" >= "created_at"
      AND "last purchase 1" <= (
        "created_at" + TO_HOURS(336)
      )
      AND "last purchase 1" IS NOT NULL
      THEN TRUE
    END
    AND CASE
      WHEN CAST(TIMEZONE('America/New_York', "first visit") AS DATE) IS NULL
      THEN FALSE
      WHEN CAST(TIMEZONE('America/New_York', "first visit") AS DATE) >= CAST('2026-05-05' AS DATE)
      THEN FALSE
      WHEN CAST(TIMEZONE('America/New_York', "first visit") AS DATE) < CAST('2026-05-05' AS DATE)
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
    END AS "happened",
    "whole" > 5 AS "tried"
  FROM "cases"
), "scores" AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    "visit points 10 3 per week fading 25% per 30 days" + "large_order points 100 5 per quarter fading 1 points per 7 days" + (
      LEAST("again count", 4) * 3072
    ) AS "faded at least",
    "visit points 10 3 per week fading 25% per 30 days" + "possible large_order points 100 5 per quarter fading 1 points per 7 days" + (
      LEAST("again count", 4) * 3072
    ) AS "faded at most"
  FROM "traits"
), "cases_2" AS (
  /* Which cases of a tier hold. */
  SELECT
    *,
    NOT "size large" AND "words" AS "settled fine"
  FROM "scores"
), "tiers" AS (
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
    END AS "size"
  FROM "cases_2"
), "sides" AS (
  /* What each team says of each stage. */
  SELECT
    *,
    (
      "own_mail" OR "happened"
    ) AS "sql marketing"
  FROM "tiers"
), "traits_2" AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    (
      (
        "whole" IS NOT NULL AND "plain" IS NULL
      )
      OR (
        "last purchase 1" IS NOT NULL AND "texts" IS NOT NULL AND "size" IS NULL
      )
    ) AS "is_known"
  FROM "sides"
), "tiers_2" AS (
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
    END AS "settled"
  FROM "traits_2"
), "scores_2" AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    CASE
      WHEN "score only"
      THEN LEAST(
        GREATEST(
          CASE WHEN "numbers" THEN 10240 ELSE 0 END + CASE WHEN "words" THEN 7680 ELSE -2304 END + CASE
            WHEN "size" = 'small'
            THEN -5120
            WHEN "size" = 'large'
            THEN 20480
            WHEN "size" IS NOT NULL
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
          CASE WHEN NOT "numbers" THEN 0 ELSE 10240 END + CASE WHEN NOT "words" THEN -2304 ELSE 7680 END + CASE
            WHEN "size" = 'small'
            THEN -5120
            WHEN "size" = 'large'
            THEN 20480
            WHEN "size" IS NOT NULL
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
  FROM "tiers_2"
), "traits_3" AS (
  /* What each trait says: yes, no, or null where that is unknown. */
  SELECT
    *,
    CASE
      WHEN (
        CASE WHEN "numbers" THEN 1 ELSE 0 END + CASE WHEN "texts" THEN 1 ELSE 0 END + CASE WHEN NOT "words" THEN 1 ELSE 0 END + CASE
          WHEN CASE WHEN "score at least" >= 12800 THEN TRUE WHEN "score at most" < 12800 THEN FALSE END
          THEN 1
          ELSE 0
        END
      ) >= 2
      THEN TRUE
      WHEN (
        CASE WHEN (
          "numbers" OR "numbers" IS NULL
        ) THEN 1 ELSE 0 END + CASE WHEN (
          "texts" OR "texts" IS NULL
        ) THEN 1 ELSE 0 END + CASE WHEN (
          NOT "words" OR (
            NOT "words"
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
    END AS "two_of_four"
  FROM "scores_2"
), "scores_3" AS (
  /* Each score at least and at most, in whole parts of a point. */
  SELECT
    *,
    CASE WHEN "score only" THEN LEAST("score at least" // 2 + "faded at least", 204800) END AS "both at least",
    CASE WHEN "score only" THEN LEAST("score at most" // 2 + "faded at most", 204800) END AS "both at most"
  FROM "traits_3"
), "sides_2" AS (
  /* What each team says of each stage. */
  SELECT
    *,
    "texts"
    AND CASE WHEN "score at least" >= 20480 THEN TRUE WHEN "score at most" < 20480 THEN FALSE END
    AND "counted" AS "mql marketing",
    (
      "windows" OR "reckoned" OR "is_known"
    ) AS "nurture marketing"
  FROM "scores_3"
), "sides_3" AS (
  /* What each team says of each stage. */
  SELECT
    *,
    "two_of_four"
    AND (
      "settled" = 'good'
      OR CASE
        WHEN "both at least" > "score at most"
        THEN TRUE
        WHEN "score at least" >= "both at most"
        THEN FALSE
      END
    ) AS "sql sales"
  FROM "sides_2"
), "stages" AS (
  /* How each stage stands. */
  SELECT
    *,
    CASE
      WHEN "chosen"
      THEN 'disqualified'
      WHEN NOT "mql marketing"
      THEN 'not_yet'
      WHEN "mql marketing" AND NOT "chosen"
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
  FROM "sides_3"
), "stages_2" AS (
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
  FROM "stages"
)
SELECT
  "lead_id",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CASE
      WHEN "sql state" = 'reached'
      THEN 'sql'
      WHEN "mql state" = 'reached'
      THEN 'mql'
      WHEN "nurture state" = 'reached'
      THEN 'nurture'
    END
  END AS "stage",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "mql state" END AS "mql_state",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "mql marketing" END AS "mql_marketing",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "sql state" END AS "sql_state",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "sql sales" END AS "sql_sales",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "sql marketing" END AS "sql_marketing",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "nurture state" END AS "nurture_state",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "nurture marketing" END AS "nurture_marketing",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CAST("score at least" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "score_at_least",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CAST("score at most" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "score_at_most",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CAST("faded at least" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "faded_at_least",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CAST("faded at most" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "faded_at_most",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CAST("both at least" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "both_at_least",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CAST("both at most" AS DOUBLE) / CAST(1024 AS DOUBLE)
  END AS "both_at_most",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "size" END AS "size",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "settled" END AS "settled",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "objected" END AS "objected",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "numbers" END AS "numbers",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "reckoned" END AS "reckoned",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "texts" END AS "texts",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "words" END AS "words",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "own_mail" END AS "own_mail",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "chosen" END AS "chosen",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "is_known" END AS "is_known",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "windows" END AS "windows",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "two_of_four" END AS "two_of_four",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "counted" END AS "counted",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "happened" END AS "happened",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CASE
      WHEN "mql state" = 'disqualified' AND "chosen"
      THEN 'It is barred from being an MQL (Marketing-qualified lead): chosen.'
      WHEN "mql state" = 'disqualified'
      THEN 'It is barred from being an MQL (Marketing-qualified lead).'
      WHEN "mql state" = 'not_yet' AND NOT "mql marketing"
      THEN 'It is not an MQL (Marketing-qualified lead): Marketing says no.'
      WHEN "mql state" = 'not_yet'
      THEN 'It is not an MQL (Marketing-qualified lead).'
      WHEN "mql state" = 'undetermined' AND "mql marketing" IS NULL
      THEN 'Whether it is an MQL (Marketing-qualified lead) is open: Marketing can''t say yet.'
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
      THEN 'Whether it is an SQL is open: Sales can''t say yet.'
      WHEN "sql state" = 'undetermined' AND "sql marketing" IS NULL
      THEN 'Whether it is an SQL is open: Marketing can''t say yet.'
      WHEN "sql state" = 'undetermined'
      THEN 'Whether it is an SQL is open: nobody knows whether it is barred.'
      ELSE 'It is an SQL.'
    END
  END AS "reason",
  CASE
    WHEN NOT COALESCE("objected", FALSE)
    THEN CONCAT_WS(
      ', ',
      CASE WHEN "chosen" THEN 'chosen=yes' END,
      CASE WHEN NOT "objected" THEN 'objected=no' END,
      CASE WHEN NOT "numbers" THEN 'numbers=no' END,
      CASE WHEN NOT "reckoned" THEN 'reckoned=no' END,
      CASE WHEN NOT "texts" THEN 'texts=no' END,
      CASE WHEN NOT "words" THEN 'words=no' END,
      CASE WHEN NOT "own_mail" THEN 'own_mail=no' END,
      CASE WHEN NOT "chosen" THEN 'chosen=no' END,
      CASE WHEN NOT "is_known" THEN 'is_known=no' END,
      CASE WHEN NOT "windows" THEN 'windows=no' END,
      CASE WHEN NOT "two_of_four" THEN 'two_of_four=no' END,
      CASE WHEN NOT "counted" THEN 'counted=no' END,
      CASE WHEN NOT "happened" THEN 'happened=no' END,
      CASE WHEN "objected" IS NULL THEN 'objected=unknown' END,
      CASE WHEN "numbers" IS NULL THEN 'numbers=unknown' END,
      CASE WHEN "reckoned" IS NULL THEN 'reckoned=unknown' END,
      CASE WHEN "texts" IS NULL THEN 'texts=unknown' END,
      CASE WHEN "words" IS NULL THEN 'words=unknown' END,
      CASE WHEN "own_mail" IS NULL THEN 'own_mail=unknown' END,
      CASE WHEN "chosen" IS NULL THEN 'chosen=unknown' END,
      CASE WHEN "is_known" IS NULL THEN 'is_known=unknown' END,
      CASE WHEN "windows" IS NULL THEN 'windows=unknown' END,
      CASE WHEN "two_of_four" IS NULL THEN 'two_of_four=unknown' END,
      CASE WHEN "counted" IS NULL THEN 'counted=unknown' END,
      CASE WHEN "happened" IS NULL THEN 'happened=unknown' END,
      CASE WHEN "size" IS NULL THEN 'size=unknown' END,
      CASE WHEN "settled" IS NULL THEN 'settled=unknown' END,
      CASE WHEN "objected" THEN 'objected=yes' END,
      CASE WHEN "numbers" THEN 'numbers=yes' END,
      CASE WHEN "reckoned" THEN 'reckoned=yes' END,
      CASE WHEN "texts" THEN 'texts=yes' END,
      CASE WHEN "words" THEN 'words=yes' END,
      CASE WHEN "own_mail" THEN 'own_mail=yes' END,
      CASE WHEN "is_known" THEN 'is_known=yes' END,
      CASE WHEN "windows" THEN 'windows=yes' END,
      CASE WHEN "two_of_four" THEN 'two_of_four=yes' END,
      CASE WHEN "counted" THEN 'counted=yes' END,
      CASE WHEN "happened" THEN 'happened=yes' END,
      CASE WHEN "size" = 'large' THEN 'size=large' END,
      CASE WHEN "size" = 'medium' THEN 'size=medium' END,
      CASE WHEN "size" = 'small' THEN 'size=small' END,
      CASE WHEN "settled" = 'good' THEN 'settled=good' END,
      CASE WHEN "settled" = 'fine' THEN 'settled=fine' END,
      CASE WHEN "settled" = 'poor' THEN 'settled=poor' END
    )
  END AS "reasons",
  CASE WHEN NOT COALESCE("objected", FALSE) THEN "tried" END AS "shadow_tried"
FROM "stages_2"
