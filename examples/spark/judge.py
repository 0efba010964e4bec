"""Judge Parquet leads with Spark, on this machine or on a cluster.

    python judge.py DEFINITION LEADS VERDICTS --activities ACTIVITIES --as-of 2026-11-20T12:00:00Z
    spark-submit --master spark://HOST:7077 judge.py DEFINITION LEADS VERDICTS ...

Only the driver reads the definition, and only it needs qualify: what the workers get is a query, in which no Python runs.
"""

import argparse
from datetime import UTC, datetime

from pyspark.sql import SparkSession

import qualify


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Judge Parquet leads with Spark.")
    parser.add_argument("definition", help="the definition: a file, or a folder of them")
    parser.add_argument("leads", help="Parquet: a row a lead, a column a field")
    parser.add_argument("verdicts", help="the folder that is written: Parquet, in one folder for each stage")
    parser.add_argument("--activities", help="Parquet: a row an activity, with lead_id, type, at and their properties")
    parser.add_argument("--as-of", type=datetime.fromisoformat, help="the moment to judge as of, with its zone (now)")
    parser.add_argument("--master", help="where to run, such as local[2]; spark-submit's own where it isn't given")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    builder = SparkSession.builder.appName("qualify")
    if given.master:
        builder = builder.master(given.master)
    spark = builder.getOrCreate()
    definition = qualify.load(given.definition)
    as_of = given.as_of or datetime.now(UTC)

    leads = spark.read.parquet(given.leads)
    activities = spark.read.parquet(given.activities) if given.activities else None
    judged = definition.qualify_frame(leads, activities, as_of=as_of)

    judged.write.mode("overwrite").partitionBy("stage").parquet(given.verdicts)
    for row in spark.read.parquet(given.verdicts).groupBy("stage").count().orderBy("stage").collect():
        print(f"{row['stage'] or 'no stage'}: {row['count']}")
    spark.stop()


if __name__ == "__main__":
    main()
