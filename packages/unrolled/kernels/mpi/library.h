// An MPI library, found at run time: nothing is linked, and there is no mpi.h. Three binary interfaces are known, which differ in the type
// of a handle and in the constants. Bytes are moved and nothing else: no MPI type but MPI_BYTE, no MPI_SUM.
//
//               handles            from
//   MPICH       int                MPICH, Intel MPI, MVAPICH, Cray MPICH, ParaStation
//   Open MPI    void*, symbols     Open MPI
//   standard    void*, numbers     MPI 5 (MPICH 5, Open MPI 6)

#pragma once

#include <dlfcn.h>
#if defined(__linux__)
#include <elf.h>
#endif
#include <stdint.h>
#include <stdio.h>
#include <string.h>

namespace mpi {

enum class Abi { none, mpich, openmpi, standard };

inline const char* name_of(Abi abi) {
  return abi == Abi::mpich ? "MPICH" : abi == Abi::openmpi ? "Open MPI" : abi == Abi::standard ? "MPI-5 standard" : "none";
}

/** A library that was opened, and what it is. */
struct Library {
  void* handle;
  Abi abi;
  char version[8192];  // MPI_Get_library_version
};

/** The functions that are used, for handles of type H; tests and errors are those of MPI 3.0. */
template <typename H>
struct Calls {
  int (*Initialized)(int* flag);
  int (*Init_thread)(int* argc, char*** argv, int required, int* provided);
  int (*Finalize)();
  int (*Abort)(H comm, int code);
  int (*Comm_dup)(H comm, H* copy);
  int (*Comm_set_errhandler)(H comm, H handler);
  int (*Comm_rank)(H comm, int* rank);
  int (*Comm_size)(H comm, int* size);
  int (*Isend)(const void* data, int count, H type, int to, int tag, H comm, H* request);
  int (*Irecv)(void* data, int count, H type, int from, int tag, H comm, H* request);
  int (*Test)(H* request, int* flag, void* status);
  int (*Error_string)(int code, char* text, int* length);
  H world, byte, errors_return;
  void* status_ignore;
  int funneled;
};

/** Sets `*to` to a symbol; returns its name where the library lacks it. */
template <typename T>
const char* find(void* handle, const char* name, T* to) {
  void* symbol = dlsym(handle, name);
  memcpy(to, &symbol, sizeof symbol);
  return symbol ? nullptr : name;
}

/** The name of a function that is not there; null where all are. */
template <typename H>
const char* find_calls(void* handle, Calls<H>* to) {
  const char* missing = nullptr;
#define FIND(call) \
  if (!missing) missing = find(handle, "MPI_" #call, &to->call)
  FIND(Initialized);
  FIND(Init_thread);
  FIND(Finalize);
  FIND(Abort);
  FIND(Comm_dup);
  FIND(Comm_set_errhandler);
  FIND(Comm_rank);
  FIND(Comm_size);
  FIND(Isend);
  FIND(Irecv);
  FIND(Test);
  FIND(Error_string);
#undef FIND
  return missing;
}

/** MPICH's handles are numbers. */
inline const char* load(const Library& library, Calls<int>* to) {
  to->world = 0x44000000;
  to->byte = 0x4c00010d;
  to->errors_return = 0x54000001;
  to->status_ignore = (void*)1;
  to->funneled = 1;
  return find_calls(library.handle, to);
}

/** Open MPI's are addresses of symbols, the standard's are small numbers. */
inline const char* load(const Library& library, Calls<void*>* to) {
  to->status_ignore = nullptr;
  const char* missing = nullptr;
  if (library.abi == Abi::standard) {
    to->world = (void*)0x101;
    to->byte = (void*)0x247;
    to->errors_return = (void*)0x143;
    to->funneled = 1024;
  } else {
    to->funneled = 1;
    missing = find(library.handle, "ompi_mpi_comm_world", &to->world);
    if (!missing) missing = find(library.handle, "ompi_mpi_byte", &to->byte);
    if (!missing) missing = find(library.handle, "ompi_mpi_errors_return", &to->errors_return);
  }
  return missing ? missing : find_calls(library.handle, to);
}

/** Which interface an opened library has. The standard's comes first: a library may show what it is made of besides. */
inline Abi identify(void* handle, const char* version) {
  int (*abi_version)(int*, int*) = nullptr;
  int major = 0, minor = 0;
  if (!find(handle, "MPI_Abi_get_version", &abi_version) && abi_version(&major, &minor) == 0 && major > 0) return Abi::standard;
  if (dlsym(handle, "ompi_mpi_comm_self")) return Abi::openmpi;
  const char* const families[] = {"MPICH", "Intel(R) MPI", "MVAPICH", "ParaStation"};
  for (const char* family : families)
    if (strstr(version, family)) return Abi::mpich;
  return Abi::none;
}

/** Whether a file that was named is all there: the loader would end the process at the first page that is not. */
inline bool is_whole(const char* path) {
#if defined(__linux__)
  FILE* file = fopen(path, "rb");
  if (!file) return true;  // dlopen says what is wrong, or looks elsewhere
  Elf64_Ehdr header;
  bool whole = fread(&header, sizeof header, 1, file) == 1 && memcmp(header.e_ident, ELFMAG, SELFMAG) == 0;
  fseek(file, 0, SEEK_END);
  const uint64_t bytes = (uint64_t)ftell(file);
  for (int k = 0; whole && k < header.e_phnum; k++) {
    Elf64_Phdr part;
    fseek(file, (long)(header.e_phoff + (uint64_t)k * header.e_phentsize), SEEK_SET);
    whole = fread(&part, sizeof part, 1, file) == 1 && part.p_offset + part.p_filesz <= bytes;
  }
  fclose(file);
  return whole;
#else
  (void)path;
  return true;
#endif
}

}  // namespace mpi
