// The sender, that is the I/O thread, and what the producer knows of the cluster.
#include "ui/layout/format.h"
#include "ui/layout/stage.h"
#include "ui/layout/texts.h"

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
  if (producer.closed)
    return {said(Text::sender_closed), said(Text::sender_closed), kFaint, Tone::kFaint, 0, -1};
  if (sender.callback_busy_until > now) {
    return {say(Text::held_up, short_duration(sender.callback_busy_until - now)),
            said(Text::callback),
            {Tone::kWaiting},
            Tone::kWaiting,
            0,
            -1};
  }
  if (sender.waits_since < 0) return {said(Text::starts), said(Text::starts), kSecondary, Tone::kOk, 0, -1};
  if (sender.waits_until == kForever)
    return {said(Text::waits_to_be_woken), said(Text::waits), kSecondary, Tone::kFaint, 0, -1};
  if (sender.waits_until > now) {
    const std::string left = short_duration(sender.waits_until - now);
    return {say(Text::waits_time, left), left, kSecondary, Tone::kFaint, sender.waits_since,
            sender.waits_until};
  }
  return {said(Text::runs), said(Text::runs), kText, Tone::kOk, 0, -1};
}

}  // namespace

void draw_sender(const Frame& frame, Rect box) {
  const ProducerModel& producer = *frame.producer();
  const Subject subject = producer_subject(frame.producer_index());
  const SenderWords words = words_of(frame, producer);
  card(frame, box, subject, {});
  frame.scene().disc({box.x + 14, box.middle_y()}, 3.5f, {words.dot});
  const float took =
      frame.canvas.text({box.x + 24, box.y, box.w - 30, box.h}, Font::kMono, kText, say(Text::sender));
  float right = box.right() - 8;
  if (words.until > frame.now()) {
    frame.scene().ring({right - 7, box.middle_y()}, 7, part_left(words.from, words.until, frame.now()),
                       {Tone::kAccent});
    right -= 20;
  }
  const float x = box.x + 24 + took + 10;
  frame.canvas.text({x, box.y, right - x, box.h}, Font::kLabel, words.ink, {words.words, words.brief, ""});
  const std::string tip = "Sender" + tip_row(Text::now, words.words) +
                          tip_row(Text::ready_nodes, std::to_string(producer.sender.ready_nodes)) +
                          tip_line(Text::sender_tip);
  frame.scene().hit(box, subject, "sender", tip, select_action(subject));
}

void draw_metadata(const Frame& frame, Rect box) {
  const MetadataModel& metadata = frame.producer()->metadata;
  std::string words = said(Text::no_metadata);
  Paint ink = kFaint;
  if (metadata.version > 0) {
    words = say(Text::metadata_version, std::to_string(metadata.version));
    ink = kSecondary;
  }
  if (metadata.requested >= 0) {
    words = metadata.version == 0 ? said(Text::metadata_asked)
                                  : say(Text::metadata_asked_again, std::to_string(metadata.version));
    ink = {Tone::kAccent};
  }
  frame.canvas.text({box.x, box.y, box.w, box.h}, Font::kLabel, ink, words);
  std::string tip = said(Text::metadata_tip) + tip_row(Text::version, std::to_string(metadata.version)) +
                    tip_row(Text::nodes, std::to_string(metadata.nodes));
  if (metadata.updated >= 0)
    tip += tip_row(Text::age, short_duration(frame.now() - metadata.updated), "metadata.max.age.ms");
  if (is_failure(metadata.error)) tip += tip_row(Text::last_failure, error_word(metadata.error));
  frame.scene().hit(box, {}, "metadata", tip);
}

}  // namespace sendscope::ui
