#include "core/net/node_reports.h"

namespace sendscope {
namespace {

// What a node in trouble does, and what helps. {} is what is known beyond the reason.
std::string_view sentence_of(LossReason reason) {
  switch (reason) {
    case LossReason::kRefused: return " refuses connections{}: does the broker run, and is the port right?";
    case LossReason::kUnreachable: return " cannot be reached{}: is the address right, and the network up?";
    case LossReason::kUnknownHost: return " has no address{}: is the name of the host right?";
    case LossReason::kSetupTimeout:
      return " does not answer attempts to connect{}: does the host run, and does a firewall let them through?";
    case LossReason::kSpeaksTls:
      return " speaks TLS{}: use a PLAINTEXT listener of the broker, as security.protocol=SSL is not "
             "supported here";
    case LossReason::kWebServer: return " is a web server, not a Kafka broker{}: is the port right?";
    case LossReason::kEcho:
      return " sends back what it is sent, so it is no Kafka broker{}: is the port right?";
    case LossReason::kNotKafka: return " does not speak Kafka's protocol{}: is the port right?";
    case LossReason::kSilent:
      return " takes connections but does not answer{}: is it a Kafka broker, and does it hang?";
    case LossReason::kClosedUnanswered:
      return " closes the connection instead of answering ApiVersions{}: it requires TLS, or is no Kafka "
             "broker; use a PLAINTEXT listener";
    case LossReason::kClosedAtFirstRequest:
      return " answers ApiVersions but closes the connection at the first request after it{}: it requires "
             "SASL; use a PLAINTEXT listener, as SASL is not supported here";
    case LossReason::kClosedByPeer: return " has closed the connection{}: does the broker still run?";
    case LossReason::kRequestTimeout:
      return " did not answer within request.timeout.ms{}: does the broker hang, or the network?";
    case LossReason::kMalformedResponse: return " sent a response that does not read{}";
    case LossReason::kVersionsRefused: return " refused to say which requests it knows{}";
    default: return {};
  }
}

}  // namespace

std::string trouble_of(const NodeReport& report, Nanos now, Nanos patience) {
  LossReason reason = report.last_loss;
  std::string words = report.words;
  const bool waiting = now - report.since >= patience;
  if (waiting && report.state == ConnectionState::kConnecting) reason = LossReason::kSetupTimeout;
  if (waiting && report.state == ConnectionState::kCheckingApiVersions) reason = LossReason::kSilent;
  if (reason != report.last_loss) words.clear();
  const std::string_view sentence = sentence_of(reason);
  if (sentence.empty()) return {};
  const std::size_t hole = sentence.find("{}");
  std::string out = report.address;
  if (report.answered) out += ", which did answer before,";
  out += sentence.substr(0, hole);
  if (!words.empty()) out += " (" + words + ")";
  return out.append(sentence.substr(hole + 2));
}

void NodeReports::connecting(const Node& node, Nanos now) {
  MutexLock lock(mutex_);
  NodeReport& report = reports_[node.id];
  const std::string address = node.host + ":" + std::to_string(node.port);
  if (report.address != address) report = {};
  report.address = address;
  report.state = ConnectionState::kConnecting;
  report.since = now;
}

void NodeReports::enter(NodeId node, ConnectionState state, Nanos now) {
  MutexLock lock(mutex_);
  NodeReport& report = reports_[node];
  report.state = state;
  report.since = now;
}

void NodeReports::checking(NodeId node, Nanos now) {
  enter(node, ConnectionState::kCheckingApiVersions, now);
}
void NodeReports::ready(NodeId node, Nanos now) { enter(node, ConnectionState::kReady, now); }
void NodeReports::left(NodeId node, Nanos now) { enter(node, ConnectionState::kDisconnected, now); }

void NodeReports::answered(NodeId node, Nanos now) {
  MutexLock lock(mutex_);
  NodeReport& report = reports_[node];
  report.state = ConnectionState::kReady;
  report.since = now;
  report.last_loss = LossReason::kNone;
  report.words.clear();
  report.answered = true;
}

void NodeReports::lost(NodeId node, LossReason reason, std::string words, Nanos now) {
  MutexLock lock(mutex_);
  NodeReport& report = reports_[node];
  report.state = ConnectionState::kDisconnected;
  report.since = now;
  report.last_loss = reason;
  report.words = std::move(words);
}

std::vector<std::string> NodeReports::troubles(Nanos now, Nanos patience) const {
  // A broker is known under several ids, one of them a bootstrap node's: the newest report of an address
  // counts.
  std::map<std::string, NodeReport> latest;
  std::vector<std::string> order;
  {
    MutexLock lock(mutex_);
    for (const auto& [node, report] : reports_) {
      const auto [known, added] = latest.try_emplace(report.address, report);
      if (added) order.push_back(report.address);
      const bool answered = known->second.answered || report.answered;
      if (report.since > known->second.since) known->second = report;
      known->second.answered = answered;
    }
  }
  std::vector<std::string> troubles;
  for (const std::string& address : order) {
    if (std::string text = trouble_of(latest.at(address), now, patience); !text.empty())
      troubles.push_back(std::move(text));
  }
  return troubles;
}

}  // namespace sendscope
