#include "sim/simulation.h"

#include <algorithm>

#include "core/producer/config_secrets.h"
#include "core/producer/producer.h"
#include "core/producer/sender.h"
#include "sim/cluster.h"
#include "sim/io_thread.h"
#include "sim/sim_random.h"
#include "sim/simulation_check.h"
#include "sim/virtual_thread.h"

namespace sendscope::sim {
namespace {

struct SimProducer {
  std::unique_ptr<SimRandomSource> random;
  std::unique_ptr<IoThread> io;
  std::unique_ptr<SimTransport> transport;
  std::unique_ptr<Producer> producer;
};

// Kafka's keys, with what goes without saying in a simulation: where the brokers are, and who this is.
ProducerConfig::Texts config_texts(const ProducerSpec& spec, const ClusterSpec& cluster) {
  ProducerConfig::Texts texts;
  for (const auto& [key, value] : spec.config) texts[key] = value;
  texts.try_emplace("client.id", spec.name);
  std::string bootstrap;
  for (const NodeSpec& node : cluster.nodes) {
    const Endpoint endpoint = endpoint_of(node.id);
    bootstrap += (bootstrap.empty() ? "" : ",") + endpoint.host + ":" + std::to_string(endpoint.port);
  }
  texts.try_emplace("bootstrap.servers", bootstrap);
  return texts;
}

void count_barriers(const std::vector<Step>& steps, std::vector<std::string>& names) {
  for (const Step& step : steps) {
    if (const auto* barrier = std::get_if<BarrierStep>(&step.what)) names.push_back(barrier->name);
    if (const auto* repeat = std::get_if<RepeatStep>(&step.what)) count_barriers(repeat->steps, names);
  }
}

}  // namespace

struct Simulation::Parts {
  Parts(const Scenario& scenario_, std::uint64_t seed_, EventSink& sink_, Sabotage sabotage)
      : scenario(scenario_),
        seed(seed_),
        sink(sink_),
        cluster(loop, sink_, scenario.cluster, scenario.faults, producer_names(scenario_), seed_, sabotage),
        until(scenario.until) {}

  Scenario scenario;
  std::uint64_t seed;
  EventSink& sink;
  Loop loop;
  Cluster cluster;
  ValueBytes bytes;
  Barriers barriers;
  std::vector<SimProducer> producers;
  std::vector<std::unique_ptr<VirtualThread>> threads;
  Nanos until;
  bool ended = false;

  void announce_run();
  Result<void> build_producer(std::size_t index);
  void build_threads();
  bool work_left() const;
  bool due() const;
  void end(const char* reason);
};

void Simulation::Parts::announce_run() {
  sink.emit({.t = 0,
             .kind = EventKind::run_started,
             .place = 0,
             .subject = seed,
             .a = sink.intern(scenario.title),
             .b = sink.intern(scenario.profile)});
}

Result<void> Simulation::Parts::build_producer(std::size_t index) {
  const ProducerSpec& spec = scenario.producers[index];
  const auto number = static_cast<std::uint16_t>(index);
  const Profile* profile = profile_of(scenario, spec);
  if (profile == nullptr)
    return Error(ErrorCode::kInvalidInput,
                 "producer " + spec.name + ": its profile is not " + profile_names());
  Result<ProducerConfig> config = ProducerConfig::parse(config_texts(spec, scenario.cluster), nullptr,
                                                        static_cast<int>(index) + 1, true, *profile);
  if (!config) return Error(config.error().code, "producer " + spec.name + ": " + config.error().message);
  SimProducer built;
  built.random = std::make_unique<SimRandomSource>(seed, spec.name);
  built.io = std::make_unique<IoThread>(loop, sink, number, spec.name, seed);
  built.transport = std::make_unique<SimTransport>(cluster.network(), number, spec.name, *built.io);
  const ProducerEnvironment environment{*built.transport, sink, *built.random, built.io.get(), number};
  Result<std::unique_ptr<Producer>> producer = Producer::create(*config, environment, {}, loop.now());
  if (!producer)
    return Error(producer.error().code, "producer " + spec.name + ": " + producer.error().message);
  built.producer = std::move(*producer);
  built.io->attach(*built.producer);
  producers.push_back(std::move(built));
  return {};
}

void Simulation::Parts::build_threads() {
  std::uint16_t number = 0;
  for (std::size_t p = 0; p < producers.size(); ++p) {
    const auto& specs = scenario.producers[p].threads;
    for (const ThreadSpec& spec : specs) {
      std::vector<std::string> names;
      count_barriers(spec.steps, names);
      std::sort(names.begin(), names.end());
      names.erase(std::unique(names.begin(), names.end()), names.end());
      for (const std::string& name : names) barriers.expect(name);
      sink.emit({.t = 0,
                 .kind = EventKind::thread_named,
                 .actor = number,
                 .place = static_cast<std::uint32_t>(p),
                 .a = sink.intern(spec.name)});
      threads.push_back(std::make_unique<VirtualThread>(
          spec, number,
          VirtualThread::Environment{loop, sink, *producers[p].io, scenario.producers[p].name, bytes,
                                     barriers, seed, specs.size() == 1, [this](const SetStep& step) {
                                       cluster.faults().set({{}, step.key, step.value});
                                     }}));
      ++number;
    }
  }
}

// Something is on its way, or somebody is not done: then also what is in the background goes on, as it may be
// what others wait for (a request's time-out).
bool Simulation::Parts::work_left() const {
  return loop.foreground() > 0 ||
         std::any_of(threads.begin(), threads.end(), [](const auto& t) { return !t->finished(); }) ||
         std::any_of(producers.begin(), producers.end(), [](const auto& p) { return p.io->busy(); });
}

bool Simulation::Parts::due() const { return loop.next_time() <= until && work_left(); }

void Simulation::Parts::end(const char* reason) {
  if (ended) return;
  ended = true;
  sink.emit({.t = loop.now(), .kind = EventKind::run_ended, .a = sink.intern(reason)});
}

Simulation::Simulation(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Simulation::~Simulation() {
  // Threads hold operations of the producers, producers hold connections of the network.
  parts_->threads.clear();
  for (SimProducer& producer : parts_->producers) {
    producer.io->abandon();
    producer.producer.reset();
  }
}

Result<std::unique_ptr<Simulation>> Simulation::create(const Scenario& scenario, std::uint64_t seed,
                                                       EventSink& sink, SimulationOptions options) {
  if (const Result<void> checked = check_scenario(scenario); !checked) return checked.error();
  auto parts = std::make_unique<Parts>(scenario, seed, sink, options.sabotage);
  parts->announce_run();
  parts->cluster.start();
  for (std::size_t i = 0; i < parts->scenario.producers.size(); ++i) {
    if (const Result<void> built = parts->build_producer(i); !built) return built.error();
  }
  parts->build_threads();
  parts->cluster.faults().set_threads(thread_names(parts->scenario));
  parts->cluster.faults().start(std::move(options.judge));
  for (const auto& thread : parts->threads) thread->start();
  return std::unique_ptr<Simulation>(new Simulation(std::move(parts)));
}

Nanos Simulation::now() const { return parts_->loop.now(); }

Nanos Simulation::next_time() const { return parts_->work_left() ? parts_->loop.next_time() : kForever; }

bool Simulation::step() {
  Parts& parts = *parts_;
  if (!parts.due()) {
    const bool time_is_up = parts.work_left();
    if (time_is_up && parts.until > parts.loop.now()) parts.loop.advance(parts.until);
    parts.end(time_is_up ? "the time is up" : "nothing is left to do");
    return false;
  }
  parts.cluster.faults().choose();
  parts.loop.step();
  parts.cluster.faults().sweep();
  parts.cluster.faults().choose();
  return true;
}

bool Simulation::run_until(Nanos time) {
  while (next_time() <= time) {
    if (!step()) return false;
  }
  Parts& parts = *parts_;
  if (!parts.work_left()) return step();
  if (time > parts.until) return step();
  if (time > now() && time <= parts.loop.next_time()) parts.loop.advance(time);
  return true;
}

void Simulation::set_until(Nanos until) { parts_->until = until; }
Nanos Simulation::until() const { return parts_->until; }

Result<void> Simulation::check(const FaultSpec& fault) const { return parts_->cluster.faults().check(fault); }

std::vector<Upcoming> Simulation::upcoming() const {
  if (!parts_->work_left()) return {};
  std::vector<Upcoming> all = parts_->cluster.faults().upcoming();
  std::erase_if(all, [this](const Upcoming& one) { return one.due > parts_->until; });
  return all;
}

void Simulation::fire_fault(std::size_t index) { parts_->cluster.faults().fire(index); }

const Scenario& Simulation::scenario() const { return parts_->scenario; }

std::vector<MetricValue> Simulation::metrics() const {
  std::vector<MetricValue> all;
  for (const SimProducer& producer : parts_->producers) {
    for (MetricValue& metric : producer.producer->metrics(parts_->loop.now()))
      all.push_back(std::move(metric));
  }
  return all;
}

}  // namespace sendscope::sim
