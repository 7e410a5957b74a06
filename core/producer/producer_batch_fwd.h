// How batches are shared. A batch stands in several of the producer's structures at once (its queue, the
// sender's in-flight list, the transaction manager's in-flight set, the request that carries it); it lives as
// long as one of them names it.
#pragma once

#include <memory>

namespace sendscope {

class ProducerBatch;
using BatchPtr = std::shared_ptr<ProducerBatch>;

}  // namespace sendscope
