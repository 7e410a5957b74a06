#include "core/net/channels.h"

#include <utility>

#include "core/base/check.h"
#include "core/net/first_bytes.h"

namespace sendscope {

void Channels::connect(NodeId node, const Endpoint& endpoint, Millis now_ms) {
  const ConnId conn = transport_.connect(node, endpoint);
  const auto [entry, added] = channels_.try_emplace(node, conn);
  SENDSCOPE_CHECK(added);
  entry->second.last_used_ms = now_ms;
  nodes_[conn] = node;
}

void Channels::close(NodeId node, Millis now_ms) {
  const auto found = channels_.find(node);
  if (found != channels_.end()) drop(found, now_ms);
}

void Channels::close_all(Millis now_ms) {
  while (!channels_.empty()) drop(channels_.begin(), now_ms);
}

Channels::Map::iterator Channels::drop(Map::iterator channel, Millis now_ms) {
  metrics_.connection_closed(now_ms);
  if (!channel->second.gone) transport_.close(channel->second.conn);
  nodes_.erase(channel->second.conn);
  return channels_.erase(channel);
}

bool Channels::is_ready(NodeId node) const {
  const auto found = channels_.find(node);
  return found != channels_.end() && found->second.connected && !found->second.gone && !found->second.problem;
}

bool Channels::send(NodeId node, wire::Frame frame, std::optional<ApiKey> answer, Millis now_ms) {
  SENDSCOPE_CHECK(is_ready(node));
  Channel& channel = channels_.find(node)->second;
  SENDSCOPE_CHECK(!channel.outgoing);
  channel.outgoing.emplace(std::move(frame));
  channel.outgoing_done = 0;
  if (answer) channel.expected.push_back(*answer);
  channel.last_used_ms = now_ms;
  return write_on(node, channel, now_ms);
}

bool Channels::write_on(NodeId node, Channel& channel, Millis now_ms) {
  std::vector<Bytes> slices = channel.outgoing->slices();
  std::size_t skip = channel.outgoing_done;
  std::size_t first = 0;
  while (first < slices.size() && skip >= slices[first].size()) skip -= slices[first++].size();
  if (first < slices.size()) {
    slices[first] = slices[first].subspan(skip);
    const std::size_t written = transport_.write(channel.conn, std::span(slices).subspan(first));
    if (written > 0) metrics_.bytes_sent(node, written, now_ms);
    channel.outgoing_done += written;
  }
  if (channel.outgoing_done < channel.outgoing->size()) return false;
  metrics_.request_sent(node, channel.outgoing_done, now_ms);
  channel.outgoing.reset();
  channel.written_unreported = true;
  return true;
}

bool Channels::has_arrivals() const {
  for (const auto& [node, channel] : channels_) {
    if (channel.gone || channel.problem || channel.next_frame || channel.connected_unreported) return true;
  }
  return false;
}

Channels::Arrivals Channels::poll(Millis now_ms) {
  for (TransportEvent event; transport_.next(event);) take(event, now_ms);
  Arrivals arrivals;
  for (auto channel = channels_.begin(); channel != channels_.end();) {
    const bool lives = report(channel->first, channel->second, arrivals, now_ms);
    channel = lives ? std::next(channel) : drop(channel, now_ms);
  }
  if (max_idle_ms_ >= 0) close_one_idle(now_ms, arrivals);
  return arrivals;
}

void Channels::take(const TransportEvent& event, Millis now_ms) {
  const auto node = nodes_.find(event.conn);
  if (node == nodes_.end()) return;
  Channel& channel = channels_.find(node->second)->second;
  channel.last_used_ms = now_ms;
  switch (event.kind) {
    case TransportEventKind::kConnected:
      metrics_.connection_made(node->second, now_ms);
      channel.connected = true;
      channel.connected_unreported = true;
      break;
    case TransportEventKind::kReceived:
      if (channel.problem) break;
      channel.assembler.append(event.bytes);
      look_for_frame(channel);
      break;
    case TransportEventKind::kWritable:
      if (channel.outgoing && !channel.gone) write_on(node->second, channel, now_ms);
      break;
    case TransportEventKind::kDisconnected:
      if (!channel.connected) metrics_.connection_refused(node->second);
      channel.gone = true;
      if (channel.problem) break;
      channel.lost_because = event.loss;
      channel.words = event.words;
      break;
  }
}

void Channels::look_for_frame(Channel& channel) {
  if (channel.next_frame || channel.problem) return;
  // What nobody asked for is refused later, and need not be large.
  const auto api = channel.expected.empty() ? ApiKey::kApiVersions : channel.expected.front();
  const Result<std::optional<Bytes>> frame = channel.assembler.next(wire::max_response(api));
  if (!frame) {
    channel.problem = true;
    Stranger stranger{LossReason::kMalformedResponse,
                      "the answer to " + std::string(api_row(api).name) + ": " + frame.error().message};
    if (!channel.frame_seen) stranger = recognise_stranger(channel.assembler.rest());
    channel.lost_because = stranger.reason;
    channel.words = std::move(stranger.words);
  } else if (*frame) {
    channel.frame_seen = true;
    channel.next_frame.emplace((*frame)->begin(), (*frame)->end());
    if (!channel.expected.empty()) channel.expected.pop_front();
  }
}

bool Channels::report(NodeId node, Channel& channel, Arrivals& arrivals, Millis now_ms) {
  if (channel.next_frame) {
    metrics_.response_received(node, channel.next_frame->size() + sizeof(std::int32_t), now_ms);
    arrivals.received.push_back({node, std::move(*channel.next_frame)});
    channel.next_frame.reset();
    look_for_frame(channel);
  } else if (channel.gone || channel.problem) {
    arrivals.lost.push_back({node, channel.lost_because, std::move(channel.words)});
    return false;
  }
  if (std::exchange(channel.written_unreported, false)) arrivals.written.push_back(node);
  if (std::exchange(channel.connected_unreported, false)) arrivals.connected.push_back(node);
  return true;
}

void Channels::close_one_idle(Millis now_ms, Arrivals& arrivals) {
  auto idle = channels_.end();
  for (auto channel = channels_.begin(); channel != channels_.end(); ++channel) {
    if (!channel->second.connected || now_ms - channel->second.last_used_ms <= max_idle_ms_) continue;
    if (idle == channels_.end() || channel->second.last_used_ms < idle->second.last_used_ms) idle = channel;
  }
  if (idle == channels_.end()) return;
  arrivals.lost.push_back({idle->first, LossReason::kIdle, {}});
  drop(idle, now_ms);
}

}  // namespace sendscope
