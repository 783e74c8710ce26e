/**
 * Quectel's LTE Standard(A) modules: EC600N, EC600S, EC200N, EC800M, EG800K and the like. The others
 * say only in what they differ.
 * @module
 */
import type { Dialect } from "./dialect.ts";

export const quectelA: Dialect = {
  init: () => [
    "+QISDE=0",
    "+IFC=0,0",
    "+QSCLK=0",
    '+QCFG="urc/cache",0',
    "+CREG=0",
    "+CGREG=2",
    "+CEREG=2",
    "+QSIMSTAT=1",
    '+QICFG="dataformat",0,0',
    '+QICFG="viewmode",0',
    '+QICFG="recvind",0',
    '+QICFG="sendinfo",0',
  ],
  keepalive: "1,120,25,3",
  zone: 3,
  key: 1.5,
  boot: 30,
  repair: true,
};
