// A function for each alternative of a variant, in one object: for std::visit.
#pragma once

namespace sendscope {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace sendscope
