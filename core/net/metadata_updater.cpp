#include "core/net/metadata_updater.h"

#include <algorithm>

namespace sendscope {

bool MetadataUpdater::is_update_due(Nanos now) {
  return !in_progress_ && metadata_.time_to_next_update(to_millis(now)) == 0;
}

Millis MetadataUpdater::maybe_update(Nanos now) {
  const Millis now_ms = to_millis(now);
  const Millis wait =
      std::max(metadata_.time_to_next_update(now_ms), in_progress_ ? settings_.request_timeout_ms : 0);
  if (wait > 0) return wait;
  if (!attempt_start_ms_) attempt_start_ms_ = now_ms;

  LeastLoadedNode choice = client_.least_loaded_node(now);
  if (settings_.rebootstrap && !choice.usable()) {
    rebootstrap(now);
    choice = client_.least_loaded_node(now);
  }
  if (!choice.node) return settings_.reconnect_backoff_ms;
  return ask(*choice.node, now);
}

Millis MetadataUpdater::ask(const Node& node, Nanos now) {
  if (client_.can_send(node.id, now)) {
    in_progress_ = metadata_.next_query(to_millis(now));
    wire::MetadataRequest request;
    request.topics.emplace();
    for (const std::string& topic : in_progress_->topics) request.topics->push_back({Uuid{}, topic});
    sink_.emit({.t = now,
                .kind = EventKind::metadata_requested,
                .actor = settings_.producer_index,
                .place = static_cast<std::uint32_t>(node.id),
                .a = static_cast<std::uint32_t>(in_progress_->topics.size()),
                .b = in_progress_->partial ? 1u : 0u});
    client_.send_metadata_request(node.id, std::move(request), now);
    return settings_.request_timeout_ms;
  }
  // One connection attempt at a time is enough for metadata.
  const std::shared_ptr<const Cluster> cluster = metadata_.snapshot();
  const auto nodes = cluster->nodes();
  const bool connecting =
      std::any_of(nodes.begin(), nodes.end(), [this](const Node& n) { return client_.is_connecting(n.id); });
  if (connecting) return settings_.reconnect_backoff_ms;
  if (client_.can_connect(node.id, now)) {
    client_.connect_to(node, now);
    return settings_.reconnect_backoff_ms;
  }
  return kForeverMillis;  // connected without room: something will arrive
}

void MetadataUpdater::handle_response(const wire::MetadataResponse& response, std::int16_t version,
                                      Nanos now) {
  if (!in_progress_) return;
  const ErrorCode error = error_from_wire(response.error_code);
  if (error == ErrorCode::kRebootstrapRequired && settings_.rebootstrap) {
    rebootstrap_required_ = true;
  } else if (response.brokers.empty()) {
    tell_failure(error == ErrorCode::kNone ? ErrorCode::kBrokerNotAvailable : error, now);
    metadata_.failed_update(to_millis(now));
  } else {
    metadata_.update(*in_progress_, response, version, now);
    attempt_start_ms_.reset();
  }
  in_progress_.reset();
}

void MetadataUpdater::request_failed(ErrorCode why, std::optional<Error> fatal, Nanos now) {
  tell_failure(why, now);
  if (fatal) metadata_.fatal_error(*std::move(fatal));
  metadata_.failed_update(to_millis(now));
  in_progress_.reset();
}

void MetadataUpdater::node_lost(Nanos now) {
  // An update that could not even be asked for has failed too, so that the next try backs off.
  if (is_update_due(now)) request_failed(ErrorCode::kNetworkException, std::nullopt, now);
  // The loss may be a sign that what is known is out of date.
  metadata_.request_update(false);
}

bool MetadataUpdater::needs_rebootstrap(Nanos now) const {
  if (rebootstrap_required_) return true;
  return attempt_start_ms_ && to_millis(now) - *attempt_start_ms_ > settings_.rebootstrap_trigger_ms;
}

void MetadataUpdater::rebootstrap(Nanos now) {
  metadata_.rebootstrap(now);
  attempt_start_ms_ = to_millis(now);
  rebootstrap_required_ = false;
}

void MetadataUpdater::tell_failure(ErrorCode why, Nanos now) {
  sink_.emit({.t = now,
              .kind = EventKind::metadata_failed,
              .actor = settings_.producer_index,
              .a = static_cast<std::uint32_t>(why)});
}

}  // namespace sendscope
