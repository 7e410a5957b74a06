// The sender, that is the I/O thread, and what the producer knows of the cluster.
#include "ui/layout/format.h"
#include "ui/layout/stage.h"

namespace sendscope::ui {
namespace {

struct SenderWords {
  std::string words, brief;
  Paint ink = kSecondary;
  Tone dot = Tone::kOk;
  Nanos from = 0, until = -1;  // of the wait, when it has an end
};

SenderWords words_of(const Frame& frame, const ProducerModel& producer) {
  const SenderModel& sender = producer.sender;
  const Nanos now = frame.now();
  if (producer.closed) return {"closed", "closed", kFaint, Tone::kFaint, 0, -1};
  if (sender.callback_busy_until > now) {
    return {"held up by a callback, " + short_duration(sender.callback_busy_until - now),
            "callback",
            {Tone::kWaiting},
            Tone::kWaiting,
            0,
            -1};
  }
  if (sender.waits_since < 0) return {"starts", "starts", kSecondary, Tone::kOk, 0, -1};
  if (sender.waits_until == kForever) return {"waits to be woken", "waits", kSecondary, Tone::kFaint, 0, -1};
  if (sender.waits_until > now) {
    const std::string left = short_duration(sender.waits_until - now);
    return {"waits " + left, left, kSecondary, Tone::kFaint, sender.waits_since, sender.waits_until};
  }
  return {"runs", "runs", kText, Tone::kOk, 0, -1};
}

}  // namespace

void draw_sender(const Frame& frame, Rect box) {
  const ProducerModel& producer = *frame.producer();
  const Subject subject{SubjectKind::kProducer, frame.producer_index()};
  const SenderWords words = words_of(frame, producer);
  card(frame, box, subject, {});
  frame.scene().disc({box.x + 14, box.middle_y()}, 3.5f, {words.dot});
  const float took = frame.canvas.text({box.x + 24, box.y, box.w - 30, box.h}, Font::kMono, kText, "sender");
  float right = box.right() - 8;
  if (words.until > frame.now()) {
    frame.scene().ring({right - 7, box.middle_y()}, 7, part_left(words.from, words.until, frame.now()),
                       {Tone::kAccent});
    right -= 20;
  }
  const float x = box.x + 24 + took + 10;
  frame.canvas.text({x, box.y, right - x, box.h}, Font::kLabel, words.ink, {words.words, words.brief, ""});
  std::string tip = "Sender\nnow\t" + words.words + "\nnodes ready to be sent to\t" +
                    std::to_string(producer.sender.ready_nodes);
  tip +=
      "\nThe I/O thread: it takes what the network brought, asks which nodes have ready batches, drains "
      "them,\n"
      "sends one request a node, and waits. Callbacks run on it too.";
  frame.scene().hit(box, subject, "sender", tip);
}

void draw_metadata(const Frame& frame, Rect box) {
  const MetadataModel& metadata = frame.producer()->metadata;
  std::string words = "no metadata yet";
  Paint ink = kFaint;
  if (metadata.version > 0) {
    words = "metadata " + std::to_string(metadata.version);
    ink = kSecondary;
  }
  if (metadata.requested >= 0) {
    words += ", asked again";
    if (metadata.version == 0) words = "metadata asked for";
    ink = {Tone::kAccent};
  }
  frame.canvas.text({box.x, box.y, box.w, box.h}, Font::kLabel, ink, words);
  std::string tip =
      "Metadata\nWhat the producer knows of the cluster: nodes, partitions, leaders.\nversion\t" +
      std::to_string(metadata.version) + "\nnodes\t" + std::to_string(metadata.nodes);
  if (metadata.updated >= 0)
    tip += "\nage\t" + short_duration(frame.now() - metadata.updated) + "\tmetadata.max.age.ms";
  if (is_failure(metadata.error)) tip += "\nlast failure\t" + error_word(metadata.error);
  frame.scene().hit(box, {}, "metadata", tip);
}

}  // namespace sendscope::ui
