/* The time of MPI_Allreduce over 4 MiB of floats: the median of so many calls, in microseconds.  mpicc -O2 allreduce.c && mpirun -n 2
 * ./a.out 200 */

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

int main(int argc, char** argv) {
  const int length = 1 << 20, calls = argc > 1 ? atoi(argv[1]) : 200;
  MPI_Init(&argc, &argv);
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  float* in = malloc(length * sizeof(float));
  float* out = malloc(length * sizeof(float));
  double* times = malloc(calls * sizeof(double));
  for (int i = 0; i < length; i++) in[i] = (float)(i % 97);
  for (int k = 0; k < calls; k++) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    MPI_Allreduce(in, out, length, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    times[k] = 1e6 * (MPI_Wtime() - start);
  }
  qsort(times, calls, sizeof(double), by_size);
  if (rank == 0) printf("%.1f\n", times[calls / 2]);
  MPI_Finalize();
  return 0;
}
