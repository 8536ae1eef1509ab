// A library of MPI for tests, with the binary interface of MPI 5: one process that believes to be two, of which the other does exactly what
// it does. What is sent to rank 1 is what comes from it. Every constant is checked against mpi.h of the standard (MPI 5.0, appendix A), and
// a wrong one is an error.
//
//   cc -shared -fPIC -o libmpi_abi.so.1 double.c        -DWITHOUT_TEST leaves a function out, -DUNKNOWN is of another kind

#include <stdlib.h>
#include <string.h>

typedef void* Handle;
#define WORLD ((Handle)0x101)
#define BYTE ((Handle)0x247)
#define ERRORS_RETURN ((Handle)0x143)
#define FUNNELED 1024
#define DUP ((Handle)0x7e57)

enum { wrong_communicator = 11, wrong_type, wrong_rank, wrong_level, wrong_handler, wrong_status };

typedef struct Message {
  int tag, bytes, is_send;
  void* data;
  int done;
  struct Message* next;
} Message;

static Message* under_way;

int MPI_Get_library_version(char* text, int* length) {
#ifdef UNKNOWN
  strcpy(text, "SomeMPI 1.0");
#else
  strcpy(text, "Double 5.0, for tests");
#endif
  *length = (int)strlen(text);
  return 0;
}

#ifndef UNKNOWN
int MPI_Abi_get_version(int* major, int* minor) {
  *major = 1, *minor = 0;
  return 0;
}
#endif

int MPI_Initialized(int* flag) { return *flag = 0; }

int MPI_Init_thread(int* argc, char*** argv, int required, int* provided) {
  (void)argc, (void)argv;
  *provided = required;
  return required == FUNNELED ? 0 : wrong_level;
}

int MPI_Finalize(void) { return 0; }

int MPI_Abort(Handle comm, int code) {
  (void)comm;
  exit(code);
}

int MPI_Comm_dup(Handle comm, Handle* copy) {
  *copy = DUP;
  return comm == WORLD ? 0 : wrong_communicator;
}

int MPI_Comm_set_errhandler(Handle comm, Handle handler) { return comm == DUP && handler == ERRORS_RETURN ? 0 : wrong_handler; }

int MPI_Comm_rank(Handle comm, int* rank) {
  *rank = 0;
  return comm == DUP ? 0 : wrong_communicator;
}

int MPI_Comm_size(Handle comm, int* size) {
  *size = 2;
  return comm == DUP ? 0 : wrong_communicator;
}

static int start(int is_send, void* data, int bytes, Handle type, int rank, int tag, Handle comm, Handle* request) {
  if (comm != DUP) return wrong_communicator;
  if (type != BYTE) return wrong_type;
  if (rank != 1) return wrong_rank;
  Message* m = calloc(1, sizeof *m);
  m->tag = tag, m->bytes = bytes, m->is_send = is_send;
  m->data = is_send ? memcpy(malloc(bytes + 1), data, bytes) : data;
  m->done = is_send; /* the library keeps a copy */
  Message** last = &under_way;
  while (*last) last = &(*last)->next;
  *last = m;
  *request = m;
  return 0;
}

int MPI_Isend(const void* data, int bytes, Handle type, int to, int tag, Handle comm, Handle* request) {
  return start(1, (void*)data, bytes, type, to, tag, comm, request);
}

int MPI_Irecv(void* data, int bytes, Handle type, int from, int tag, Handle comm, Handle* request) {
  return start(0, data, bytes, type, from, tag, comm, request);
}

#ifndef WITHOUT_TEST
int MPI_Test(Handle* request, int* flag, void* status) {
  if (status != NULL) return wrong_status;
  Message* m = *request;
  if (!m->is_send && !m->done)
    for (Message** at = &under_way; *at; at = &(*at)->next) {
      Message* sent = *at;
      if (!sent->is_send || sent->tag != m->tag) continue;
      memcpy(m->data, sent->data, sent->bytes < m->bytes ? sent->bytes : m->bytes);
      m->done = 1;
      *at = sent->next; /* in the order in which they were sent */
      break;
    }
  *flag = m->done;
  return 0;
}
#endif

int MPI_Error_string(int code, char* text, int* length) {
  strcpy(text, "a constant is wrong: 0");
  text[strlen(text) - 1] = (char)('a' + code);
  *length = (int)strlen(text);
  return 0;
}
