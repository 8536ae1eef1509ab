// The processes of an MPI job, for JavaScript: what it asks of the thread in engine.h, and what it is told. A promise for whatever takes
// time.

#define NAPI_VERSION 8
#include <node_api.h>

#if defined(_WIN32)
napi_value mpi_exports(napi_env) { return nullptr; }
#else

#include "engine.h"

namespace mpi {
namespace {

void* data_of(napi_env env, napi_callback_info info, size_t count, napi_value* arguments) {
  void* data = nullptr;
  size_t given = count;
  napi_get_cb_info(env, info, &given, arguments, nullptr, &data);
  return data;
}

napi_value refuse(napi_env env, const char* text) {
  napi_throw_error(env, nullptr, text);
  return nullptr;
}

napi_value text_of(napi_env env, const char* text) {
  napi_value value;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

void set(napi_env env, napi_value object, const char* name, napi_value value) { napi_set_named_property(env, object, name, value); }

void set_number(napi_env env, napi_value object, const char* name, double x) {
  napi_value value;
  napi_create_double(env, x, &value);
  set(env, object, name, value);
}

/** Opens a promise; the process stays while one is open. */
napi_value wait_for(napi_env env, Job* job, napi_deferred* promise) {
  napi_value value;
  napi_create_promise(env, promise, &value);
  if (job->waiting++ == 0) napi_ref_threadsafe_function(env, job->told);
  return value;
}

void resolve(napi_env env, Job* job, napi_deferred promise, napi_value value) {
  if (--job->waiting == 0) napi_unref_threadsafe_function(env, job->told);
  napi_resolve_deferred(env, promise, value);
}

void reject(napi_env env, Job* job, napi_deferred promise, const char* text) {
  napi_value error;
  napi_create_error(env, nullptr, text_of(env, text), &error);
  if (--job->waiting == 0) napi_unref_threadsafe_function(env, job->told);
  napi_reject_deferred(env, promise, error);
}

/** An ArrayBuffer for each rank, and the memory given back. */
napi_value take_parts(napi_env env, Job* job, Gather* gather) {
  napi_value list;
  napi_create_array_with_length(env, (size_t)job->size, &list);
  for (int r = 0; r < job->size; r++) {
    napi_value buffer;
    void* to = nullptr;
    napi_create_arraybuffer(env, gather->sizes[r], &to, &buffer);
    if (to && gather->sizes[r]) memcpy(to, gather->parts[r], gather->sizes[r]);
    napi_set_element(env, list, (uint32_t)r, buffer);
    free(gather->parts[r]);
  }
  free(gather->parts);
  free(gather->sizes);
  free(gather);
  return list;
}

napi_value job_object(napi_env env, Job* job);

void on_message(napi_env env, napi_value, void* context, void* data) {
  Job* job = (Job*)context;
  Message* m = (Message*)data;
  napi_value nothing;
  if (env) {
    napi_get_undefined(env, &nothing);
    if (m->kind == Message::started) resolve(env, job, job->started, job_object(env, job));
    if (m->kind == Message::failed) reject(env, job, job->started, m->text);
    if (m->kind == Message::gathered) {
      const napi_deferred promise = m->gather->promise;
      resolve(env, job, promise, take_parts(env, job, m->gather));
    }
    if (m->kind == Message::summed) resolve(env, job, m->promise, nothing);
    if (m->kind == Message::left) {
      job->is_over = true;
      resolve(env, job, job->left, nothing);
    }
  }
  free(m);
}

/** gather(bytes: Uint8Array): Promise<ArrayBuffer[]> */
napi_value gather(napi_env env, napi_callback_info info) {
  napi_value array;
  Job* job = (Job*)data_of(env, info, 1, &array);
  void* data = nullptr;
  size_t length = 0;
  napi_typedarray_type type;
  if (napi_get_typedarray_info(env, array, &type, &length, &data, nullptr, nullptr) != napi_ok || type != napi_uint8_array)
    return refuse(env, "gather: expected a Uint8Array");
  if (job->is_over) return refuse(env, "gather: this process has left the job");
  Gather* gather = (Gather*)calloc(1, sizeof(Gather));
  gather->own = (char*)malloc(length ? length : 1);
  if (length) memcpy(gather->own, data, length);
  gather->own_bytes = length;
  gather->sizes = (uint64_t*)calloc((size_t)job->size, sizeof(uint64_t));
  gather->parts = (char**)calloc((size_t)job->size, sizeof(char*));
  napi_value promise = wait_for(env, job, &gather->promise);
  pthread_mutex_lock(&job->lock);
  *job->last_gather = gather;
  job->last_gather = &gather->next;
  pthread_cond_signal(&job->work);
  pthread_mutex_unlock(&job->lock);
  return promise;
}

/** Both belong together, and are the data of a sum's functions. */
struct SumsOfJob {
  Job* job;
  Sums* sums;
};

/** The bucket of a call, and a place in it for `values`; throws where that is not inside. */
Bucket* bucket_of(napi_env env, Sums* sums, napi_value number, napi_value at, napi_value values, size_t* offset, float** floats,
                  size_t* count) {
  uint32_t bucket = 0, from = 0;
  void* data = nullptr;
  napi_typedarray_type type;
  if (napi_get_value_uint32(env, number, &bucket) == napi_ok && bucket < sums->buckets &&
      napi_get_value_uint32(env, at, &from) == napi_ok &&
      napi_get_typedarray_info(env, values, &type, count, &data, nullptr, nullptr) == napi_ok && type == napi_float32_array) {
    Bucket* found = &sums->each[bucket];
    *offset = from;
    *floats = (float*)data;
    if (from <= found->length && *count <= found->length - from) return found;
  }
  napi_throw_range_error(env, nullptr, "expected a bucket, a place in it, and a Float32Array that fits there");
  return nullptr;
}

/** put(bucket, own, offset, values: Float32Array) */
napi_value put(napi_env env, napi_callback_info info) {
  napi_value a[4];
  SumsOfJob* of = (SumsOfJob*)data_of(env, info, 4, a);
  uint32_t own = 0;
  size_t offset = 0, count = 0;
  float* values = nullptr;
  Bucket* bucket = bucket_of(env, of->sums, a[0], a[2], a[3], &offset, &values, &count);
  if (!bucket) return nullptr;
  if (napi_get_value_uint32(env, a[1], &own) != napi_ok || own >= of->sums->own_slots || bucket->stage != 0)
    return refuse(env, "put: expected a summand of this process, of a bucket that is not under way");
  if (count) memcpy(bucket->own + own * bucket->length + offset, values, count * sizeof(float));
  return nullptr;
}

/** take(bucket, offset, to: Float32Array) */
napi_value take(napi_env env, napi_callback_info info) {
  napi_value a[3];
  SumsOfJob* of = (SumsOfJob*)data_of(env, info, 3, a);
  size_t offset = 0, count = 0;
  float* to = nullptr;
  Bucket* bucket = bucket_of(env, of->sums, a[0], a[1], a[2], &offset, &to, &count);
  if (bucket && count) memcpy(to, bucket->result + offset, count * sizeof(float));
  return nullptr;
}

/** send(bucket) */
napi_value send(napi_env env, napi_callback_info info) {
  napi_value number;
  SumsOfJob* of = (SumsOfJob*)data_of(env, info, 1, &number);
  Job* job = of->job;
  uint32_t bucket = 0;
  if (napi_get_value_uint32(env, number, &bucket) != napi_ok || bucket >= of->sums->buckets)
    return refuse(env, "send: there is no such bucket");
  if (job->is_over) return refuse(env, "send: this process has left the job");
  pthread_mutex_lock(&job->lock);
  if (job->sent_count == job->sent_room) {
    job->sent_room = job->sent_room ? 2 * job->sent_room : 16;
    job->sent = (Sent*)realloc(job->sent, job->sent_room * sizeof(Sent));
  }
  job->sent[job->sent_count++] = {of->sums, bucket};
  of->sums->under_way++;
  pthread_cond_signal(&job->work);
  pthread_mutex_unlock(&job->lock);
  return nullptr;
}

/** done(): Promise<void> */
napi_value done(napi_env env, napi_callback_info info) {
  SumsOfJob* of = (SumsOfJob*)data_of(env, info, 0, nullptr);
  Job* job = of->job;
  napi_deferred promise;
  napi_value value = wait_for(env, job, &promise), nothing;
  napi_get_undefined(env, &nothing);
  pthread_mutex_lock(&job->lock);
  const bool over = of->sums->under_way == 0, twice = of->sums->waited_for;
  if (!over && !twice) {
    of->sums->promise = promise;
    of->sums->waited_for = true;
  }
  pthread_mutex_unlock(&job->lock);
  if (over) resolve(env, job, promise, nothing);
  if (!over && twice) reject(env, job, promise, "done: is waited for already");
  return value;
}

/** Numbers of an Int32Array or Uint32Array; null where it is none. */
void* numbers_of(napi_env env, napi_value array, size_t* count) {
  napi_typedarray_type type;
  void* data = nullptr;
  if (napi_get_typedarray_info(env, array, &type, count, &data, nullptr, nullptr) != napi_ok) return nullptr;
  if (type != napi_int32_array && type != napi_uint32_array) return nullptr;
  static int none;
  return *count ? data : &none;
}

napi_value function(napi_env env, const char* name, napi_callback call, void* data) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, call, data, &value);
  return value;
}

/** sums(lengths: Uint32Array, owners: Int32Array, pairs: Uint32Array): { put, send, done, take } */
napi_value make_sums(napi_env env, napi_callback_info info) {
  napi_value a[3];
  Job* job = (Job*)data_of(env, info, 3, a);
  size_t buckets = 0, slots = 0, numbers = 0;
  const uint32_t* lengths = (const uint32_t*)numbers_of(env, a[0], &buckets);
  const int* owners = (const int*)numbers_of(env, a[1], &slots);
  const uint32_t* pairs = (const uint32_t*)numbers_of(env, a[2], &numbers);
  if (!lengths || !owners || !pairs || buckets > (size_t)most_buckets || slots == 0)
    return refuse(env, "sums: expected lengths of at most 16000 buckets, owners and pairs");
  Sums* sums = (Sums*)calloc(1, sizeof(Sums));
  sums->buckets = buckets;
  sums->slots = slots;
  sums->additions = numbers / 2;
  sums->owners = (int*)malloc((slots + 1) * sizeof(int));
  memcpy(sums->owners, owners, slots * sizeof(int));
  sums->pairs = (uint32_t*)malloc((numbers + 1) * sizeof(uint32_t));
  memcpy(sums->pairs, pairs, numbers * sizeof(uint32_t));
  sums->summands = (float**)calloc(slots, sizeof(float*));
  for (size_t k = 0; k < slots; k++) sums->own_slots += owners[k] == job->rank;
  bool fits = true;
  for (size_t k = 0; k < numbers; k++) fits = fits && pairs[k] < slots;
  sums->each = (Bucket*)calloc(buckets + 1, sizeof(Bucket));
  for (size_t k = 0; k < buckets && fits; k++) {
    Bucket* bucket = &sums->each[k];
    const size_t n = lengths[k], mine = chunk_length(n, job->rank, job->size);
    bucket->length = n;
    bucket->own = (float*)calloc(sums->own_slots * n + 1, sizeof(float));
    bucket->scratch = (float*)calloc((slots - sums->own_slots) * mine + 1, sizeof(float));
    bucket->result = (float*)calloc(n + 1, sizeof(float));
    fits = bucket->own && bucket->scratch && bucket->result;
  }
  if (!fits) return refuse(env, "sums: no memory for the buckets, or a pair of no summands");
  sums->next = job->all_sums;
  job->all_sums = sums;
  SumsOfJob* of = (SumsOfJob*)malloc(sizeof(SumsOfJob));
  of->job = job;
  of->sums = sums;
  napi_value object;
  napi_create_object(env, &object);
  set(env, object, "put", function(env, "put", put, of));
  set(env, object, "take", function(env, "take", take, of));
  set(env, object, "send", function(env, "send", send, of));
  set(env, object, "done", function(env, "done", done, of));
  return object;
}

/** name(names: string[]): what the ranks are called in messages */
napi_value name_ranks(napi_env env, napi_callback_info info) {
  napi_value list;
  Job* job = (Job*)data_of(env, info, 1, &list);
  char** names = (char**)calloc((size_t)job->size, sizeof(char*));
  for (int r = 0; r < job->size; r++) {
    napi_value text;
    names[r] = (char*)calloc(256, 1);
    if (napi_get_element(env, list, (uint32_t)r, &text) == napi_ok) napi_get_value_string_utf8(env, text, names[r], 256, nullptr);
  }
  pthread_mutex_lock(&job->lock);
  job->names = names;
  pthread_mutex_unlock(&job->lock);
  return nullptr;
}

/** hurry(): somebody wants the job to end; whoever is not heard of for two beats is gone. */
napi_value hurry(napi_env env, napi_callback_info info) {
  Job* job = (Job*)data_of(env, info, 0, nullptr);
  pthread_mutex_lock(&job->lock);
  job->deadline = job->deadline < 3 * beat_seconds ? job->deadline : 3 * beat_seconds;
  pthread_mutex_unlock(&job->lock);
  return nullptr;
}

/** leave(): Promise<void>. All have to, after a last gather. */
napi_value leave(napi_env env, napi_callback_info info) {
  Job* job = (Job*)data_of(env, info, 0, nullptr);
  if (job->is_over || job->left) return refuse(env, "leave: this process has left the job");
  napi_value promise = wait_for(env, job, &job->left);
  pthread_mutex_lock(&job->lock);
  job->leaves = true;
  pthread_cond_signal(&job->work);
  pthread_mutex_unlock(&job->lock);
  return promise;
}

/** abort(code): ends the job of all, this process included. */
napi_value abort_job(napi_env env, napi_callback_info info) {
  napi_value number;
  Job* job = (Job*)data_of(env, info, 1, &number);
  if (job->is_over) return nullptr;
  int32_t code = 1;
  napi_get_value_int32(env, number, &code);
  pthread_mutex_lock(&job->lock);
  job->aborts = true;
  job->abort_code = code ? code : 1;
  pthread_cond_signal(&job->work);
  pthread_mutex_unlock(&job->lock);
  pthread_join(job->thread, nullptr);  // it ends the process
  return nullptr;
}

napi_value job_object(napi_env env, Job* job) {
  napi_value object;
  napi_create_object(env, &object);
  set_number(env, object, "rank", job->rank);
  set_number(env, object, "size", job->size);
  set(env, object, "gather", function(env, "gather", gather, job));
  set(env, object, "sums", function(env, "sums", make_sums, job));
  set(env, object, "name", function(env, "name", name_ranks, job));
  set(env, object, "hurry", function(env, "hurry", hurry, job));
  set(env, object, "leave", function(env, "leave", leave, job));
  set(env, object, "abort", function(env, "abort", abort_job, job));
  return object;
}

/** join(deadline: seconds): Promise<job>. Once a process. */
napi_value join(napi_env env, napi_callback_info info) {
  napi_value number;
  const Library* library = (const Library*)data_of(env, info, 1, &number);
  static bool joined = false;
  if (joined) return refuse(env, "this process has joined a job already");
  joined = true;
  Job* job = (Job*)calloc(1, sizeof(Job));
  job->library = *library;
  job->deadline = 1.5;
  napi_get_value_double(env, number, &job->deadline);
  pthread_mutex_init(&job->lock, nullptr);
  pthread_cond_init(&job->work, nullptr);
  job->last_gather = &job->gathers;
  napi_create_threadsafe_function(env, nullptr, nullptr, text_of(env, "mpi"), 0, 1, nullptr, nullptr, job, on_message, &job->told);
  napi_unref_threadsafe_function(env, job->told);
  napi_value promise = wait_for(env, job, &job->started);
  if (pthread_create(&job->thread, nullptr, thread_main, job)) reject(env, job, job->started, "no thread for MPI could be started");
  return promise;
}

/** open(path): { version, abi, join }. An empty path is the process itself. Throws an Error that says what is wrong with the library. */
napi_value open(napi_env env, napi_callback_info info) {
  napi_value argument;
  char path[4096] = "";
  data_of(env, info, 1, &argument);
  if (napi_get_value_string_utf8(env, argument, path, sizeof path, nullptr) != napi_ok) return refuse(env, "open: expected a path");
#if defined(__APPLE__)
  const int mode = RTLD_LAZY | RTLD_GLOBAL;
#else
  const int mode = RTLD_LAZY | RTLD_LOCAL;
#endif
  if (!is_whole(path)) return refuse(env, "is no library, or not all of one: a part of the file is missing");
  void* handle = dlopen(path[0] ? path : nullptr, mode);
  if (!handle) return refuse(env, dlerror());
  int (*library_version)(char*, int*) = nullptr;
  if (find(handle, "MPI_Get_library_version", &library_version)) return refuse(env, "is no MPI library: it has no MPI_Get_library_version");
  Library* library = (Library*)calloc(1, sizeof(Library));  // as long as the process: a library of MPI is not closed
  int length = 0;
  library->handle = handle;
  library_version(library->version, &length);
  library->version[sizeof library->version - 1] = 0;
  library->abi = identify(handle, library->version);
  if (library->abi == Abi::none) {
    char text[512];
    snprintf(text, sizeof text, "is an MPI of an unknown kind, whose calls cannot be made safely: %.200s", library->version);
    return refuse(env, text);
  }
  Calls<int> numbers;
  Calls<void*> pointers;
  const char* missing = library->abi == Abi::mpich ? load(*library, &numbers) : load(*library, &pointers);
  if (missing) {
    char text[256];
    snprintf(text, sizeof text, "is an incomplete MPI library: it has no %s", missing);
    return refuse(env, text);
  }
  napi_value object;
  napi_create_object(env, &object);
  set(env, object, "version", text_of(env, library->version));
  set(env, object, "abi", text_of(env, name_of(library->abi)));
  set(env, object, "join", function(env, "join", join, library));
  return object;
}

}  // namespace
}  // namespace mpi

/** What the addon exports as `mpi`: { open } */
napi_value mpi_exports(napi_env env) {
  napi_value object;
  napi_create_object(env, &object);
  mpi::set(env, object, "open", mpi::function(env, "open", mpi::open, nullptr));
  return object;
}

#endif
