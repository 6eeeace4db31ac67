#ifndef CLINUX_H
#define CLINUX_H
int clinux_stub(void);
#endif
