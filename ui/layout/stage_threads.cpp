// Application threads: what each is doing, and what it waits for.
#include "core/model/queries.h"
#include "ui/layout/format.h"
#include "ui/layout/stage.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

struct Words {
  Paint ink;
  std::string state, detail;
  std::string brief_state, brief_detail;  // the same on a narrow card
  bool blocked = false;                   // loud: it cannot go on by itself
  Nanos since = 0;                        // when the call began
  Nanos until = -1;                       // when its patience ends
};

Tone tone_of(ThreadState state) {
  switch (state) {
    case ThreadState::kRunning: return Tone::kOk;
    case ThreadState::kSleeping:
    case ThreadState::kClosed: return Tone::kFaint;
    default: return Tone::kWaiting;
  }
}

std::string place_in_line(std::size_t n) {
  const Text text = n == 1   ? Text::in_line_first
                    : n == 2 ? Text::in_line_second
                    : n == 3 ? Text::in_line_third
                             : Text::in_line_later;
  return say(text, std::to_string(n));
}

// What a thread waits for, without the verb.
std::string brief_state(ThreadState state) {
  switch (state) {
    case ThreadState::kWaitingMetadata: return said(Text::waits_metadata_brief);
    case ThreadState::kWaitingMemory: return said(Text::waits_memory_brief);
    case ThreadState::kWaitingResult: return said(Text::waits_result_brief);
    case ThreadState::kWaitingBarrier: return said(Text::waits_barrier_brief);
    case ThreadState::kWaitingTransaction: return said(Text::waits_transaction_brief);
    default: return thread_words(state);
  }
}

void memory_words(const Frame& frame, const ThreadModel& thread, std::uint16_t index, Words& words) {
  const ProducerModel* producer = frame.model().producer(thread.producer);
  if (producer == nullptr) return;
  const auto& line = producer->pool.waiters;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i].thread != index) continue;
    words.brief_detail = place_in_line(i + 1);
    words.detail = format_bytes(line[i].wanted) + " \xc2\xb7 " + words.brief_detail;
  }
}

// Short: a card is narrow. The tip names the call.
void transaction_words(const ThreadModel& thread, Words& words) {
  words.blocked = true;
  if (!thread.in_txn_call) return;
  switch (thread.txn_call) {
    case TransactionCall::kInit:
      words.state = said(Text::waits_for_id);
      words.brief_state = said(Text::for_id);
      words.detail = "initTransactions()";
      words.brief_detail = said(Text::transactional);
      break;
    case TransactionCall::kSendOffsets:
      words.state = said(Text::waits_for_offsets);
      words.brief_state = said(Text::for_offsets);
      words.detail = said(Text::to_be_accepted);
      break;
    case TransactionCall::kCommit:
      words.state = said(Text::waits_for_commit);
      words.brief_state = said(Text::for_commit);
      words.detail = said(Text::of_its_transaction);
      words.brief_detail = said(Text::transaction);
      break;
    case TransactionCall::kAbort:
      words.state = said(Text::waits_for_abort);
      words.brief_state = said(Text::for_abort);
      words.detail = said(Text::of_its_transaction);
      words.brief_detail = said(Text::transaction);
      break;
    case TransactionCall::kBegin: break;
  }
}

void flush_words(const ThreadModel& thread, Words& words) {
  const std::string count = std::to_string(thread.detail);
  const bool all = thread.detail == 0, one = thread.detail == 1;
  words.brief_detail = say(all   ? Text::for_batch_all
                           : one ? Text::for_batch_one
                                 : Text::for_batch_many,
                           count);
  words.detail = say(all ? Text::until_all_done : one ? Text::until_one_done : Text::until_many_done, count);
  words.blocked = true;
}

Words words_of(const Frame& frame, const ThreadModel& thread, std::uint16_t index) {
  Words words{{tone_of(thread.state)},
              thread_words(thread.state),
              "",
              brief_state(thread.state),
              "",
              false,
              thread.send_began,
              -1};
  const StringTable& strings = frame.in.words();
  if (thread.state == ThreadState::kSleeping || thread.state == ThreadState::kClosed) {
    words.ink = kSecondary;
    const std::string sends = count_text(static_cast<std::int64_t>(thread.sends));
    words.detail = say(thread.sends == 1 ? Text::records_sent_one : Text::records_sent_many, sends);
    words.brief_detail = say(Text::sent_short, sends);
  } else if (thread.state == ThreadState::kFlushing) {
    flush_words(thread, words);
  } else if (thread.state == ThreadState::kWaitingMetadata) {
    words.detail = say(Text::of_topic, strings.view(thread.topic));
    words.blocked = true;
  } else if (thread.state == ThreadState::kWaitingMemory) {
    memory_words(frame, thread, index, words);
    words.blocked = true;
  } else if (thread.state == ThreadState::kWaitingTransaction) {
    transaction_words(thread, words);
  } else if (thread.sends > 0) {
    words.detail = record_label(thread.record);
    if (thread.partition != kNoPlace)
      words.detail += " \xe2\x86\x92 " + partition_label(frame, thread.partition);
    words.blocked = thread.state == ThreadState::kWaitingResult;
  }
  if (thread.sends == 0 && thread.state == ThreadState::kRunning)
    words.state = words.brief_state = said(Text::starting);
  if (words.brief_detail.empty()) words.brief_detail = words.detail;
  const bool in_transaction_call = thread.state == ThreadState::kWaitingTransaction && thread.in_txn_call;
  const bool patience = thread.state == ThreadState::kWaitingMemory ||
                        thread.state == ThreadState::kWaitingMetadata || in_transaction_call;
  if (in_transaction_call) words.since = thread.txn_call_began;
  const auto limit = config_number(frame.model(), strings, thread.producer, "max.block.ms");
  if (patience && limit) words.until = words.since + to_nanos(*limit);
  return words;
}

// Whose producer it calls, where that is a question.
std::string_view producer_word(const Frame& frame, const ThreadModel& thread) {
  if (!frame.several_producers()) return {};
  return producer_name(frame.model(), frame.in.words(), thread.producer);
}

// The name, and as much of its producer's as has room beside it.
void draw_name(const Frame& frame, Rect row, Font font, std::string_view name, std::string_view producer) {
  const float took = frame.canvas.name(row, font, kText, name) + 8;
  constexpr float kLeast = 24;
  if (!producer.empty() && row.w - took >= kLeast)
    frame.canvas.text({row.x + took, row.y, row.w - took, row.h}, Font::kLabel, kSecondary, producer);
}

std::string tip_of(const Frame& frame, const ThreadModel& thread, const Words& words, std::string_view name) {
  std::string tip(name);
  if (const auto producer = producer_word(frame, thread); !producer.empty())
    tip += tip_row(Text::producer, producer);
  tip += tip_row(Text::state, words.state);
  if (!words.detail.empty()) tip += tip_row(Text::now, words.detail);
  tip += tip_row(Text::in_this_state_for, short_duration(frame.now() - thread.since));
  if (words.until > frame.now()) {
    const bool txn = thread.state == ThreadState::kWaitingTransaction;
    const std::string call = txn ? txn_call_words(static_cast<std::uint32_t>(thread.txn_call)) : "send()";
    tip += "\n" + say(Text::call_fails_in, call) + "\t" + short_duration(words.until - frame.now()) +
           "\tmax.block.ms";
  }
  tip += tip_row(Text::send_called, count_text(static_cast<std::int64_t>(thread.sends)));
  tip += tip_row(Text::records_accepted, count_text(static_cast<std::int64_t>(thread.accepted)));
  if (thread.failed > 0) tip += tip_row(Text::failed, count_text(static_cast<std::int64_t>(thread.failed)));
  return tip;
}

void draw_thread(const Frame& frame, Rect box, std::uint16_t index) {
  const ThreadModel& thread = frame.model().threads[index];
  const Subject subject = thread_subject(index);
  const Dimmed dimmed(frame, subject);
  const Words words = words_of(frame, thread, index);
  const std::string name(thread_name(frame.model(), frame.in.words(), index));
  const std::string_view producer = producer_word(frame, thread);
  card(frame, box, subject,
       {words.blocked ? Tone::kWaiting : Tone::kLine, words.blocked ? 1.5f : 1.0f, tone_of(thread.state)});
  Rect inside{box.x + 14, box.y, box.w - 20, box.h};
  if (words.until > frame.now() && box.h >= 40) {
    const Point centre{inside.right() - 8, box.y + 15};
    frame.scene().ring(centre, 7, part_left(words.since, words.until, frame.now()), {Tone::kWaiting});
    inside.w -= 22;
  }
  if (box.h >= 58) {
    draw_name(frame, {inside.x, box.y + 8, inside.w, 14}, Font::kBodyStrong, name, producer);
    frame.canvas.text({inside.x, box.y + 26, box.w - 22, 14}, Font::kSmall, words.ink,
                      {words.state, words.brief_state});
    frame.canvas.text({inside.x, box.y + 43, box.w - 22, 12}, Font::kLabel, kSecondary,
                      {words.detail, words.brief_detail});
  } else if (box.h >= 38) {
    draw_name(frame, {inside.x, box.y + 5, inside.w, 14}, Font::kBodyStrong, name, producer);
    frame.canvas.text({inside.x, box.y + 22, box.w - 22, 12}, Font::kLabel, words.ink,
                      {words.state, words.brief_state});
  } else {
    const std::string both = name + (producer.empty() ? "" : " \xc2\xb7 " + std::string(producer));
    const Rect room{inside.x, box.y, inside.w * 0.6f, box.h};
    const float took = frame.canvas.text(room, Font::kSmall, kText,
                                         {both, fit_name(frame.canvas.measure, Font::kSmall, name, room.w)});
    frame.canvas.text({inside.x + took + 8, box.y, inside.w - took - 8, box.h}, Font::kLabel, words.ink,
                      {words.state, words.brief_state});
  }
  mark_if_last(frame, box, subject, kControlRadius);
  frame.scene().hit(box, subject, "thread", tip_of(frame, thread, words, name), select_action(subject));
}

}  // namespace

void draw_threads(const Frame& frame, Rect column) {
  const bool wide = frame.canvas.width(Font::kHeading, say(Text::heading_threads_long)) <= column.w - 4;
  heading(frame, {column.x + 4, column.y + 12, column.w - 4, 16},
          say(wide ? Text::heading_threads_long : Text::heading_threads), {}, say(Text::threads_tip));
  std::vector<std::uint16_t> shown;
  for (std::size_t i = 0; i < frame.model().threads.size(); ++i) {
    if (frame.model().threads[i].named) shown.push_back(static_cast<std::uint16_t>(i));
  }
  const Rect area{column.x, column.y + 38, column.w, column.h - 46};
  const RowPlan plan = plan_rows(area.h, shown.size(), {{62, 10}, {62, 6}, {42, 6}, {24, 4}},
                                 frame.in.view.scrolled(ListName::kThreads));
  for (std::size_t i = 0; i < plan.shown; ++i) {
    draw_thread(frame, {area.x, plan.y(area, i), area.w, plan.size.height}, shown[plan.first + i]);
  }
  more_row(frame, area, plan, ListName::kThreads);
}

}  // namespace sendscope::ui
