// The texts of the model: what is waited for (wait_causes.def), and where a request is (request_phases.def).
#pragma once

#include "core/event/catalogue.h"

namespace sendscope {

TextTable& model_texts();

}  // namespace sendscope
