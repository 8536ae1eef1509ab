// The thread that makes every MPI call of this process (so MPI_THREAD_FUNNELED is enough). It waits in JavaScript's place: spins while
// bytes move, then sleeps longer and longer. It also feels for the others: each process tells the next one four times a second that it is
// there, and a process that is not heard of, or whose launcher is gone, ends the job. A library may wait for ever in a call
// (MPICH's MPI_Abort does, for a process that is stopped), so a second thread watches the first. Nothing here waits for ever.

#pragma once

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#include "operations.h"

namespace mpi {
namespace {

constexpr double beat_seconds = 0.25, first_beat_seconds = 60;
// How long it looks without a pause. Where JavaScript waits for a sum, its core is free for that; else the backward pass wants it.
constexpr double spin_seconds = 100e-6, awaited_spin_seconds = 20e-3;

// How long the thread may be in one call of MPI, in looks of its watch.
constexpr double look_seconds = 0.1;
constexpr int looks_to_join = 1200, looks_to_move = 100, looks_to_part = 300, looks_to_abort = 3;
constexpr int looks_at_stopped = 15;

double now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void sleep_for(double seconds) {
  const timespec t = {(time_t)seconds, (long)(1e9 * (seconds - (double)(time_t)seconds))};
  nanosleep(&t, nullptr);
}

/** A bucket that was sent: work for the thread. */
struct Sent {
  Sums* sums;
  size_t bucket;
};

struct Job {
  Library library;
  int rank, size;
  double deadline;  // seconds in which a process has to be heard of
  // Between JavaScript and the thread, under the lock:
  pthread_mutex_t lock;
  pthread_cond_t work;
  Gather *gathers, **last_gather;
  Sent* sent;
  size_t sent_count, sent_room;
  bool leaves, aborts, lost_launcher;
  int abort_code;
  char** names;  // of the ranks, for messages
  // JavaScript's:
  napi_threadsafe_function told;
  pthread_t thread;
  size_t waiting;  // promises that are open: while there are any, the process stays
  napi_deferred started, left;
  Sums* all_sums;
  bool is_over;
  // Between the thread and its watch, atomic:
  int looks_left;  // of the watch, before it ends the process
  int watched;     // 0 when there is nothing to watch any more
  int meets;       // 1 while the ranks meet: no rank hears of another yet
};

/** What the thread tells JavaScript. */
struct Message {
  enum Kind { started, failed, gathered, summed, left } kind;
  Gather* gather;
  napi_deferred promise;
  char text[1024];
};

Message* message(Message::Kind kind) {
  Message* m = (Message*)calloc(1, sizeof(Message));
  m->kind = kind;
  return m;
}

void tell(Job* job, Message* m) { napi_call_threadsafe_function(job->told, m, napi_tsfn_blocking); }

/** The thread goes on, and has so many looks of its watch for the next calls. */
void allow(Job* job, int looks) { __atomic_store_n(&job->looks_left, looks, __ATOMIC_RELAXED); }

#if defined(__linux__)
/** Whether a process is stopped. */
bool is_stopped(int pid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE* file = fopen(path, "r");
  if (!file) return false;
  const size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  const char* name_end = strrchr(text, ')');  // a name may hold anything
  return name_end && name_end[1] && (name_end[2] == 'T' || name_end[2] == 't');
}

/** A process that the launcher started on this machine, as this one, and that is stopped; 0 where there is none. */
int stopped_neighbor() {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)getppid(), (int)getppid());
  FILE* file = fopen(path, "r");
  if (!file) return 0;
  int pid = 0, found = 0;
  // Digit by digit: what fscanf is called under newer headers of glibc is in no other C library.
  for (int c = 0; !found && c != EOF;) {
    c = fgetc(file);
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && pid && pid != (int)getpid() && is_stopped(pid)) found = pid;
    pid = is_digit ? 10 * pid + (c - '0') : 0;
  }
  fclose(file);
  return found;
}
#else
int stopped_neighbor() { return 0; }
#endif

/**
 * The watch: ends a process whose thread does not come back from MPI. It counts looks, not time, so that a process that was stopped
 * itself goes on. The launcher ends the other processes of one that exits like this.
 */
void* watch_main(void* data) {
  Job* job = (Job*)data;
  int stopped = 0, seen = 0;
  while (__atomic_load_n(&job->watched, __ATOMIC_RELAXED)) {
    sleep_for(look_seconds);
    // While the ranks meet, MPI waits for one that is frozen for as long as it takes: here it is seen, if it is on this machine.
    const int neighbor = __atomic_load_n(&job->meets, __ATOMIC_RELAXED) ? stopped_neighbor() : 0;
    seen = neighbor && neighbor == stopped ? seen + 1 : 0;
    stopped = neighbor;
    if (seen == looks_at_stopped) {
      fprintf(stderr, "unrolled: process %d of the job is stopped while the ranks meet. The job ends\n", stopped);
      _exit(1);
    }
    if (__atomic_sub_fetch(&job->looks_left, 1, __ATOMIC_RELAXED) > 0) continue;
    const int code = __atomic_load_n(&job->abort_code, __ATOMIC_RELAXED);
    if (!code)
      fprintf(stderr,
              "unrolled: rank %d does not come back from a call of MPI. The job ends; started again, it goes on from its last "
              "checkpoint\n",
              job->rank);
    _exit(code ? code : 1);
  }
  return nullptr;
}

/** Starts the watch; whether it could be. */
bool start_watch(Job* job) {
  pthread_t watch;
  allow(job, looks_to_join);
  job->watched = job->meets = 1;
  if (pthread_create(&watch, nullptr, watch_main, job)) return false;
  pthread_detach(watch);
  return true;
}

/** Waits between two looks: not at all at first, then longer and longer. */
struct Patience {
  double since;

  void reset() { since = now(); }
  void wait(bool is_awaited) {
    const double idle = now() - since;
    if (idle < (is_awaited ? awaited_spin_seconds : spin_seconds)) return;
    sleep_for(idle < 5e-3 ? 20e-6 : idle < 50e-3 ? 100e-6 : 500e-6);
  }
};

/** The thread, for handles of type H. */
template <typename H>
struct Engine {
  Job* job;
  Comm<H> comm;
  Trouble trouble;
  Requests<H> beat_out, beat_in, gather_out, gather_in;
  Gather* gather;
  struct Moving {
    Sums* sums;
    size_t bucket;
    Requests<H> out, in;
  };
  Moving* moving;  // buckets under way
  size_t moving_count, moving_room;
  char beat_given, beat_got;
  double given_at, heard_at, looked_at;
  bool heard, farewell, was_farewelled;
  pid_t parent;

  /** Ends the job of all. The watch ends this process where the library does not, and the launcher then ends the others. */
  [[noreturn]] void abort(int code) {
    __atomic_store_n(&job->abort_code, code, __ATOMIC_RELAXED);
    allow(job, looks_to_abort);
    comm.calls.Abort(comm.comm, code);
    _exit(code);
  }

  [[noreturn]] void give_up(const char* text) {
    fprintf(stderr, "unrolled: %s\n", text);
    fflush(stderr);
    abort(1);
  }

  void check() {
    if (!trouble.code) return;
    char why[8192] = "", text[8400];
    int length = 0;
    comm.calls.Error_string(trouble.code, why, &length);
    snprintf(text, sizeof text, "%s failed on rank %d: %s. The job ends; started again, it goes on from its last checkpoint", trouble.call,
             comm.rank, why);
    give_up(text);
  }

  /** Null, or why there is no job. */
  const char* join() {
    if (const char* missing = load(job->library, &comm.calls)) {
      static char text[128];
      snprintf(text, sizeof text, "has no %s", missing);
      return text;
    }
    int is_there = 0, level = 0;
    comm.calls.Initialized(&is_there);
    if (!is_there && comm.calls.Init_thread(nullptr, nullptr, comm.calls.funneled, &level)) return "MPI_Init_thread failed";
    comm.comm = comm.calls.world;
    if (comm.calls.Comm_dup(comm.calls.world, &comm.comm)) return "MPI_Comm_dup failed";
    comm.calls.Comm_set_errhandler(comm.comm, comm.calls.errors_return);
    comm.calls.Comm_rank(comm.comm, &comm.rank);
    comm.calls.Comm_size(comm.comm, &comm.size);
    job->rank = comm.rank;
    job->size = comm.size;
    return nullptr;
  }

  int after() const { return (comm.rank + 1) % comm.size; }
  int before() const { return (comm.rank + comm.size - 1) % comm.size; }

  void listen() { beat_in.receive(comm, &beat_got, 1, before(), heartbeat_tag, &trouble); }

  void start_beating() {
    parent = getppid();
    given_at = 0;
    heard_at = looked_at = now();
    if (comm.size > 1) listen();
  }

  /** Tells the next process, hears the one before. */
  void beat() {
    const double time = now();
    // Whoever was stopped himself has not listened, and has nobody to blame.
    if (time - looked_at > beat_seconds) heard_at += time - looked_at;
    looked_at = time;
    if (getppid() != parent) give_up("the process that started this rank is gone; the rank ends");
    if (comm.size == 1) return;
    if (beat_out.count) beat_out.test(comm, &trouble);
    if (!beat_out.count && !farewell && time - given_at >= beat_seconds) {
      beat_given = 1;
      beat_out.send(comm, &beat_given, 1, after(), heartbeat_tag, &trouble);
      given_at = time;
    }
    if (was_farewelled) return;
    if (beat_in.test(comm, &trouble)) {
      heard = true;
      heard_at = time;
      was_farewelled = beat_got == 2;
      if (!was_farewelled) listen();
    }
    if (time - heard_at > (heard ? job->deadline : first_beat_seconds)) {
      char text[1024];
      pthread_mutex_lock(&job->lock);
      const char* name = job->names ? job->names[before()] : "";
      snprintf(text, sizeof text,
               "rank %d%s has not been heard of for %.1f seconds: it is frozen, or its machine or the network is gone. The job ends; "
               "started again, it goes on from its last checkpoint",
               before(), name, time - heard_at);
      pthread_mutex_unlock(&job->lock);
      give_up(text);
    }
  }

  /** Takes what JavaScript has sent. */
  bool take() {
    pthread_mutex_lock(&job->lock);
    const bool any = job->sent_count || (!gather && job->gathers);
    for (size_t i = 0; i < job->sent_count; i++) {
      if (moving_count == moving_room) {
        const size_t room = moving_room ? 2 * moving_room : 16;
        moving = (Moving*)realloc(moving, room * sizeof(Moving));
        memset(moving + moving_room, 0, (room - moving_room) * sizeof(Moving));
        moving_room = room;
      }
      Moving* m = &moving[moving_count++];
      m->sums = job->sent[i].sums;
      m->bucket = job->sent[i].bucket;
    }
    const size_t fresh = job->sent_count;
    job->sent_count = 0;
    Gather* next = nullptr;
    if (!gather && job->gathers) {
      next = job->gathers;
      job->gathers = next->next;
      if (!job->gathers) job->last_gather = &job->gathers;
    }
    pthread_mutex_unlock(&job->lock);
    for (size_t i = moving_count - fresh; i < moving_count; i++)
      begin(comm, moving[i].sums, moving[i].bucket, &moving[i].out, &moving[i].in, &trouble);
    if (next) {
      gather = next;
      begin(comm, gather, &gather_out, &gather_in, &trouble);
    }
    return any;
  }

  bool move_gather() {
    if (!gather) return false;
    bool moved = gather_out.test(comm, &trouble);
    moved |= gather_in.test(comm, &trouble);
    if (gather_in.count) return moved;
    if (!gather->has_sizes) {
      receive_parts(comm, gather, &gather_in, &trouble);
      return true;
    }
    if (gather_out.count) return moved;
    Message* m = message(Message::gathered);
    m->gather = gather;
    gather = nullptr;
    tell(job, m);
    return true;
  }

  bool move_buckets() {
    bool moved = false;
    for (size_t i = 0; i < moving_count; i++) {
      Moving* m = &moving[i];
      moved |= m->out.test(comm, &trouble);
      moved |= m->in.test(comm, &trouble);
      Bucket* bucket = &m->sums->each[m->bucket];
      if (bucket->stage == 1 && !m->in.count) {
        add(comm, m->sums, m->bucket, &m->out, &m->in, &trouble);
        moved = true;
      }
      if (bucket->stage != 2 || m->in.count || m->out.count) continue;
      bucket->stage = 0;
      finish(m->sums);
      const Moving done = *m;  // its arrays serve another
      *m = moving[--moving_count];
      moving[moving_count] = done;
      i--;
      moved = true;
    }
    return moved;
  }

  void finish(Sums* sums) {
    pthread_mutex_lock(&job->lock);
    napi_deferred promise = nullptr;
    if (--sums->under_way == 0 && sums->waited_for) {
      promise = sums->promise;
      sums->waited_for = false;
    }
    pthread_mutex_unlock(&job->lock);
    if (!promise) return;
    Message* m = message(Message::summed);
    m->promise = promise;
    tell(job, m);
  }

  void run() {
    Patience patience;
    patience.reset();
    for (;;) {
      allow(job, looks_to_move);
      bool moved = take();
      moved |= move_buckets();
      moved |= move_gather();
      check();
      beat();
      check();
      if (moved) patience.reset();
      const bool busy = moving_count || gather;
      pthread_mutex_lock(&job->lock);
      if (job->aborts) abort(job->abort_code);
      bool is_awaited = false;
      for (size_t i = 0; i < moving_count; i++) is_awaited |= moving[i].sums->waited_for;
      const bool over = job->leaves && !busy && !job->sent_count && !job->gathers;
      if (!busy && !over && !job->sent_count && !job->gathers) {
        timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 50000000;
        if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
        pthread_cond_timedwait(&job->work, &job->lock, &until);
        patience.reset();
      }
      pthread_mutex_unlock(&job->lock);
      if (over) break;
      if (busy) patience.wait(is_awaited);
    }
    part();
  }

  /** All have met before: the last beat says so, and nobody waits for another. */
  void part() {
    allow(job, looks_to_part);
    if (comm.size > 1) {
      while (beat_out.count) beat(), check(), sleep_for(100e-6);
      farewell = true;
      beat_given = 2;
      beat_out.send(comm, &beat_given, 1, after(), heartbeat_tag, &trouble);
      while (beat_out.count || !was_farewelled) beat(), check(), sleep_for(100e-6);
    }
    comm.calls.Finalize();
    __atomic_store_n(&job->watched, 0, __ATOMIC_RELAXED);
  }

  void live() {
    const char* problem = start_watch(job) ? join() : "no thread could be started that watches MPI's";
    if (problem) {
      __atomic_store_n(&job->watched, 0, __ATOMIC_RELAXED);
      Message* m = message(Message::failed);
      snprintf(m->text, sizeof m->text, "%s", problem);
      tell(job, m);
      return;
    }
    __atomic_store_n(&job->meets, 0, __ATOMIC_RELAXED);
    start_beating();
    tell(job, message(Message::started));
    run();
    tell(job, message(Message::left));
  }
};

template <typename H>
void live(Job* job) {
  Engine<H>* engine = (Engine<H>*)calloc(1, sizeof(Engine<H>));
  engine->job = job;
  engine->live();
  free(engine);
}

void* thread_main(void* data) {
  Job* job = (Job*)data;
#if defined(__linux__)
  prctl(PR_SET_TIMERSLACK, 1000UL);  // sleeps of microseconds are that
#endif
  if (job->library.abi == Abi::mpich)
    live<int>(job);
  else
    live<void*>(job);
  return nullptr;
}

}  // namespace
}  // namespace mpi
