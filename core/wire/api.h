// The table of APIs under the names that the protocol's code says it by.
#pragma once

#include "core/base/api.h"

namespace sendscope::wire {

using sendscope::api_row;
using sendscope::api_rows;
using sendscope::ApiKey;
using sendscope::ApiRow;
using sendscope::find_api;
using sendscope::is_flexible;

}  // namespace sendscope::wire
