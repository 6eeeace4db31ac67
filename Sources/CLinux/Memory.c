#define _GNU_SOURCE
#include "CLinux.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int liuhen_bound_memory(void) {
    // mallopt answers 1 when it did what it was asked.
    int done = mallopt(M_ARENA_MAX, LIUHEN_ARENAS) & mallopt(M_MMAP_THRESHOLD, 1 << 20)
        & mallopt(M_TRIM_THRESHOLD, 4 << 20) & mallopt(M_TOP_PAD, 1 << 19);
    return done ? 0 : -1;
}

void liuhen_give_back_memory(void) {
    malloc_trim(0);
}

int liuhen_count_arenas(void) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) return -1;
    int count = malloc_info(0, stream) == 0 ? 0 : -1;
    fclose(stream);
    for (const char *place = text; count >= 0 && (place = strstr(place, "<heap nr=")) != NULL; place++) count++;
    free(text);
    return count;
}
