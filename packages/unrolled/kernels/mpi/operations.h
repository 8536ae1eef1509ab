// What the thread of mpi.cpp works on: bytes of all for all, and sums in a given order. Both move bytes between this process and each of
// the others, and wait for nobody while they do: `progress` looks once at what is under way.

#pragma once

#include <node_api.h>
#include <stdlib.h>
#include "library.h"

namespace mpi {

// Tags of messages. A bucket has two: its summands on their way to who adds them, and the sum on its way back.
constexpr int heartbeat_tag = 1, size_tag = 2, gather_tag = 3, first_bucket_tag = 4, most_buckets = 16000;

/** MPI counts in int. */
constexpr size_t most_bytes = (size_t)1 << 30;

/** The connection to the other processes, for one of the interfaces. */
template <typename H>
struct Comm {
  Calls<H> calls;
  H comm;
  int rank, size;
};

/** The error code of the MPI call that failed; 0 where none has. */
struct Trouble {
  int code;
  const char* call;
};

/** Messages under way, in an array that grows. */
template <typename H>
struct Requests {
  H* each;
  size_t count, room;

  H* next() {
    if (count == room) {
      room = room ? 2 * room : 16;
      each = (H*)realloc(each, room * sizeof(H));
    }
    return &each[count++];
  }

  void send(const Comm<H>& to, const void* data, size_t bytes, int rank, int tag, Trouble* trouble) {
    for (size_t at = 0; at < bytes; at += most_bytes) {
      const size_t part = bytes - at < most_bytes ? bytes - at : most_bytes;
      const int code = to.calls.Isend((const char*)data + at, (int)part, to.calls.byte, rank, tag, to.comm, next());
      if (code) *trouble = {code, "MPI_Isend"};
    }
  }

  void receive(const Comm<H>& from, void* data, size_t bytes, int rank, int tag, Trouble* trouble) {
    for (size_t at = 0; at < bytes; at += most_bytes) {
      const size_t part = bytes - at < most_bytes ? bytes - at : most_bytes;
      const int code = from.calls.Irecv((char*)data + at, (int)part, from.calls.byte, rank, tag, from.comm, next());
      if (code) *trouble = {code, "MPI_Irecv"};
    }
  }

  /** Forgets those that are done; whether any was. */
  bool test(const Comm<H>& comm, Trouble* trouble) {
    const size_t before = count;
    for (size_t i = 0; i < count;) {
      int done = 0;
      const int code = comm.calls.Test(&each[i], &done, comm.calls.status_ignore);
      if (code) *trouble = {code, "MPI_Test"};
      if (done)
        each[i] = each[--count];
      else
        i++;
    }
    return count < before;
  }
};

/** Bytes of all for all. */
struct Gather {
  char* own;
  size_t own_bytes;
  uint64_t* sizes;  // by rank
  char** parts;     // by rank; the own one is `own`
  uint64_t own_size;
  bool has_sizes;
  napi_deferred promise;
  Gather* next;
};

/** A part of the vector that is summed. */
struct Bucket {
  size_t length;   // floats
  float* own;      // [own summands, length]
  float* scratch;  // [summands of others, most of a chunk]
  float* result;   // [length]
  int stage;       // 0 at rest, 1 summands are coming, 2 the sum is coming
  int sent;        // this step's, so that nobody sends a bucket twice
};

/** A sum: its plan, and its buckets. */
struct Sums {
  size_t buckets, slots, own_slots, additions;
  int* owners;       // [slots]
  uint32_t* pairs;   // [additions, 2]
  Bucket* each;      // [buckets]
  float** summands;  // [slots], of the bucket at hand
  size_t under_way;
  napi_deferred promise;  // of `done`
  bool waited_for;
  Sums* next;  // all of them
};

/** Where rank r's chunk of a bucket begins: whole cache lines, so that no two processes' parts share one. */
inline size_t chunk_start(size_t length, int r, int size) {
  const size_t lines = (length + 15) / 16, start = lines * (size_t)r / (size_t)size * 16;
  return start < length ? start : length;
}

inline size_t chunk_length(size_t length, int r, int size) { return chunk_start(length, r + 1, size) - chunk_start(length, r, size); }

/** The summands of a bucket go to who adds them up, each process its chunk; what the sums of the others will be may come at any time. */
template <typename H>
void begin(const Comm<H>& comm, Sums* sums, size_t number, Requests<H>* out, Requests<H>* in, Trouble* trouble) {
  Bucket* bucket = &sums->each[number];
  const int tag = first_bucket_tag + 2 * (int)number;
  const size_t n = bucket->length, mine = chunk_length(n, comm.rank, comm.size);
  size_t foreign = 0;
  for (size_t slot = 0; slot < sums->slots; slot++)
    if (sums->owners[slot] != comm.rank)
      in->receive(comm, bucket->scratch + mine * foreign++, mine * sizeof(float), sums->owners[slot], tag, trouble);
  for (int k = 1; k < comm.size; k++) {
    const int to = (comm.rank + k) % comm.size;  // each begins with another
    for (size_t own = 0; own < sums->own_slots; own++)
      out->send(comm, bucket->own + own * n + chunk_start(n, to, comm.size), chunk_length(n, to, comm.size) * sizeof(float), to, tag,
                trouble);
  }
  bucket->stage = 1;
}

/** All summands of this process's chunk are here: adds them in the order of the plan, and gives the sum to all. */
template <typename H>
void add(const Comm<H>& comm, Sums* sums, size_t number, Requests<H>* out, Requests<H>* in, Trouble* trouble) {
  Bucket* bucket = &sums->each[number];
  const int tag = first_bucket_tag + 2 * (int)number + 1;
  const size_t n = bucket->length, start = chunk_start(n, comm.rank, comm.size), mine = chunk_length(n, comm.rank, comm.size);
  size_t own = 0, foreign = 0;
  for (size_t slot = 0; slot < sums->slots; slot++)
    sums->summands[slot] = sums->owners[slot] == comm.rank ? bucket->own + n * own++ + start : bucket->scratch + mine * foreign++;
  for (size_t k = 0; k < sums->additions; k++) {
    float* __restrict a = sums->summands[sums->pairs[2 * k]];
    const float* __restrict b = sums->summands[sums->pairs[2 * k + 1]];
    for (size_t i = 0; i < mine; i++) a[i] += b[i];
  }
  if (mine) memcpy(bucket->result + start, sums->summands[0], mine * sizeof(float));
  for (int k = 1; k < comm.size; k++) {
    const int other = (comm.rank + k) % comm.size;
    in->receive(comm, bucket->result + chunk_start(n, other, comm.size), chunk_length(n, other, comm.size) * sizeof(float), other, tag,
                trouble);
    out->send(comm, bucket->result + start, mine * sizeof(float), other, tag, trouble);
  }
  bucket->stage = 2;
}

/** Sizes first, so that there is room; the bytes follow at once. */
template <typename H>
void begin(const Comm<H>& comm, Gather* gather, Requests<H>* out, Requests<H>* in, Trouble* trouble) {
  gather->own_size = gather->own_bytes;
  gather->sizes[comm.rank] = gather->own_size;
  gather->parts[comm.rank] = gather->own;
  for (int r = 0; r < comm.size; r++) {
    if (r == comm.rank) continue;
    in->receive(comm, &gather->sizes[r], sizeof(uint64_t), r, size_tag, trouble);
    out->send(comm, &gather->own_size, sizeof(uint64_t), r, size_tag, trouble);
    out->send(comm, gather->own, gather->own_bytes, r, gather_tag, trouble);
  }
}

template <typename H>
void receive_parts(const Comm<H>& comm, Gather* gather, Requests<H>* in, Trouble* trouble) {
  for (int r = 0; r < comm.size; r++) {
    if (r == comm.rank) continue;
    gather->parts[r] = (char*)malloc(gather->sizes[r] ? gather->sizes[r] : 1);
    in->receive(comm, gather->parts[r], gather->sizes[r], r, gather_tag, trouble);
  }
  gather->has_sizes = true;
}

}  // namespace mpi
