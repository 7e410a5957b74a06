// Writes what this folder holds, with Kafka's own classes (the jars of kafka-clients 4.3.1 and slf4j):
//   java -cp 'JARS/*' Metrics.java statistics             > statistics.txt
//   java -cp 'JARS/*' Metrics.java names HOST:PORT TOPIC  > names.txt    (needs a broker that has the topic)
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.*;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public class Metrics {
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("statistics")) {
      statistics();
    } else {
      names(arguments[1], arguments[2]);
    }
  }

  static void names(String bootstrap, String topic) throws Exception {
    Properties config = new Properties();
    config.put("bootstrap.servers", bootstrap);
    TreeSet<String> lines = new TreeSet<>();
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, bytes, bytes)) {
      producer.send(new ProducerRecord<>(topic, new byte[100])).get();
      for (MetricName name : producer.metrics().keySet()) {
        String tags = String.join(",", new TreeMap<>(name.tags()).keySet());
        lines.add(name.group() + "|" + tags + "|" + name.name());
      }
    }
    System.out.println("# Metrics of Kafka 4.3.1's own producer after a send to one topic: group|names of the tags|name");
    lines.forEach(System.out::println);
  }

  static void statistics() {
    System.out.println("# Kafka 4.3.1's own Avg, Max, Rate, Meter (of sums and of counts, and in nanoseconds) over one schedule of records and looks.");
    System.out.println("# settings SAMPLES WINDOW_MS | record TIME_MS VALUE | look TIME_MS AVG MAX SUM_RATE COUNT_RATE NANOS_RATE TOTAL COUNT");
    int[][] settings = {{2, 30000}, {1, 1000}, {3, 500}, {5, 100}};
    for (int i = 0; i < settings.length; i++) {
      schedule(new Random(17 + i), settings[i][0], settings[i][1]);
    }
  }

  static void schedule(Random random, int samples, int window) {
    MetricConfig config = new MetricConfig().samples(samples).timeWindow(window, TimeUnit.MILLISECONDS);
    MeasurableStat[] all = {new Avg(), new Max(), new Rate(), new Rate(new WindowedCount()),
                            new Rate(TimeUnit.NANOSECONDS), new CumulativeSum(), new CumulativeCount()};
    System.out.println("settings " + samples + " " + window);
    long now = random.nextInt(1000);
    for (int i = 0; i < 120; i++) {
      switch (random.nextInt(8)) {
        case 0: now += window; break;
        case 1: now += random.nextInt(3 * window); break;
        case 2: break;
        case 3: if (random.nextInt(6) == 0) now += (long) window * samples + random.nextInt(3) - 1; break;
        default: now += random.nextInt(window / 4);
      }
      StringBuilder line = new StringBuilder();
      if (random.nextInt(4) > 0) {
        double value = random.nextBoolean() ? random.nextInt(100000) : random.nextDouble() * 10;
        for (MeasurableStat stat : all) stat.record(config, value, now);
        line.append("record ").append(now).append(' ').append(value);
      } else {
        line.append("look ").append(now);
        for (MeasurableStat stat : all) line.append(' ').append(stat.measure(config, now));
      }
      System.out.println(line);
    }
  }
}
