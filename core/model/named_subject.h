// Things by what speaks of them: a field of an event, a word that a person writes.
#pragma once

#include <string_view>

#include "core/event/narration.h"
#include "core/model/subject.h"

namespace sendscope {

// Nothing where the field speaks of no thing.
Subject subject_of(const FieldView& field);
// "batch:16", "request:3", "record:7", "node:1"; nothing where the text is not one of them.
Subject numbered_subject(std::string_view text);

}  // namespace sendscope
