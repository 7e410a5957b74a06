// Two locks in the order of core/base/mutex.h; with WRONG_ORDER defined also the other way round, which clang
// must refuse.
#include "core/base/mutex.h"

namespace sendscope {

struct Outer {
  Mutex mutex ACQUIRED_BEFORE(lock_order::leaves);
};
struct Leaf {
  Mutex mutex ACQUIRED_AFTER(lock_order::leaves);
};

void in_order(Outer& outer, Leaf& leaf) {
  MutexLock first(outer.mutex);
  MutexLock second(leaf.mutex);
}

#ifdef WRONG_ORDER
void turned_round(Outer& outer, Leaf& leaf) {
  MutexLock first(leaf.mutex);
  MutexLock second(outer.mutex);
}
#endif

}  // namespace sendscope
