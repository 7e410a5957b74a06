"""Reads a topic back with kcat and with Kafka's own consumer, and judges what is there.

Every record's value begins with its number; numbers of one key were sent in rising order. Each record must be
there exactly once, and the numbers of a key must rise along its partition.
"""
import subprocess


def kcat_lines(cluster, topic, isolation="read_committed"):
    """Yields "partition TAB key TAB value" of every record."""
    process = subprocess.Popen(["kcat", "-C", "-q", "-e", "-o", "beginning", "-b", cluster.bootstrap, "-t", topic,
                                "-X", f"isolation.level={isolation}", "-f", "%p\t%k\t%s\n"],
                               stdout=subprocess.PIPE, text=True)
    with process.stdout:
        yield from (line.rstrip("\n") for line in process.stdout)
    if process.wait() != 0:
        raise RuntimeError(f"kcat ended with {process.returncode}")


def kafka_lines(cluster, topic, count, isolation="read_committed", timeout_ms=30000):
    """The same through Kafka's console consumer, which ends after `count` records or when none comes any more."""
    text = cluster.tool("org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", cluster.bootstrap,
                        "--topic", topic, "--from-beginning", "--max-messages", str(count),
                        "--formatter-property", "print.partition=true", "--formatter-property", "print.key=true",
                        "--isolation-level", isolation, "--timeout-ms", str(timeout_ms),
                        stderr=subprocess.DEVNULL)
    return [line.replace("Partition:", "", 1) for line in text.splitlines()]


def with_kcat(cluster, topic):
    """Yields (partition, key, number) of every record."""
    return records(kcat_lines(cluster, topic))


def with_kafka(cluster, topic, count):
    """The same through Kafka's console consumer."""
    return records(kafka_lines(cluster, topic, count))


def values(lines):
    """The values alone, sorted: partitions are read in no particular order."""
    return sorted(line.split("\t", 2)[2] for line in lines)


def records(lines):
    for line in lines:
        partition, key, value = line.split("\t", 2)
        yield int(partition), key, int(value.split(" ", 1)[0])


def faults(found, expected_count):
    """What is wrong with the records found, in words; empty when all is well."""
    seen, last_of_key, partition_of_key, wrong = set(), {}, {}, []
    total = 0
    for partition, key, number in found:
        total += 1
        if number in seen:
            wrong.append(f"record {number} of {key} is there twice")
        seen.add(number)
        if number <= last_of_key.get(key, -1):
            wrong.append(f"record {number} of {key} stands behind {last_of_key[key]}")
        last_of_key[key] = number
        if partition_of_key.setdefault(key, partition) != partition:
            wrong.append(f"{key} is in partitions {partition_of_key[key]} and {partition}")
        if len(wrong) > 5:
            break
    if len(seen) != expected_count:
        wrong.append(f"{len(seen)} different records of {expected_count} are there ({total} in all)")
    return wrong
