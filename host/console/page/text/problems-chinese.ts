/**
 * What the platform complains of, in Chinese.
 * @module
 */
import type { Problems, ValueProblem, ValueProblems } from "../../../cloud/problems.ts";
import type { ProblemWords } from "./problems-english.ts";

const TYPES: Record<ValueProblems["type"]["expected"], string> = {
  int: "整数",
  float: "数字",
  double: "数字",
  bool: " 0 或 1",
  string: "文本",
  date: " 1970 年以来的毫秒数（文本）",
  struct: "对象",
  array: "列表",
};

export const valuesChinese: ProblemWords<ValueProblems> = {
  type: ({ expected }) => `应为${TYPES[expected]}`,
  less: ({ min }) => `不能小于 ${min}`,
  above: ({ max }) => `不能大于 ${max}`,
  enum: ({ allowed }) => `应为以下之一：${allowed}`,
  length: ({ most }) => `不能超过 ${most} 个字符`,
  size: ({ most }) => `不能超过 ${most} 个元素`,
  unknown: () => "不在物模型中",
  within: ({ at, problem }) => `${at}：${valueChinese(problem)}`,
};

function valueChinese(problem: ValueProblem): string {
  return (valuesChinese[problem.kind] as (problem: ValueProblem) => string)(problem);
}

export const problemsChinese: ProblemWords<Problems> = {
  noDevice: ({ deviceName }) => `设备 ${deviceName} 不存在。`,
  noProduct: ({ productKey }) => `产品 ${productKey} 不存在。`,
  offline: ({ deviceName }) => `设备 ${deviceName} 不在线。`,
  queueFull: ({ deviceName }) => `等待发送给 ${deviceName} 的消息已满。`,
  noAnswer: ({ ms }) => `设备在 ${ms / 1000} 秒内没有应答。`,
  stopped: () => "平台已停止。",
  noProperty: () => "没有给出属性。",
  notInModel: ({ name }) => `${name} 不在物模型中。`,
  readOnly: ({ name }) => `${name} 为只读属性。`,
  noService: ({ name }) => `${name} 不是物模型中的服务。`,
  value: ({ path, problem }) => `${path}：${valueChinese(problem)}。`,
  notAlink: () => "设备的应答不是 Alink 格式。",
  rrpcTime: ({ least, most }) => `等待时间应为 ${least / 1000} 到 ${most / 1000} 秒。`,
  topicSlash: ({ topic }) => `Topic“${topic}”应以“/”开头。`,
  noCustomRrpc: ({ deviceName }) => `${deviceName} 登录时没有带 ext=1，因此没有自定义 RRPC Topic。`,
  noPackage: ({ id }) => `升级包 ${id} 不存在。`,
  version: ({ version }) => `版本“${version}”应为 1 到 64 个字母、数字或 . - _。`,
  module: ({ module }) => `模块“${module}”应为 1 到 64 个字母、数字或 . - _。`,
  packageName: ({ name }) =>
    `升级包名称“${name}”最多 40 个字母、数字或 - _ ( )，以字母或数字开头。`,
  samePackage: ({ name }) => `已有名为 ${name} 的升级包。`,
  tooManyPackages: ({ most }) => `已有 ${most} 个升级包，不能再添加。`,
  mqttPackage: ({ most }) => `通过 MQTT 下载的升级包只能有一个文件，最大 ${most} 字节。`,
  notVerified: ({ id }) => `升级包 ${id} 须先验证。`,
  noJob: ({ id }) => `升级任务 ${id} 不存在。`,
  noTask: ({ id }) => `设备升级作业 ${id} 不存在。`,
  secretsKept: () => "仅显示演示产品的密钥。",
  noSuchThing: () => "平台的控制台不认识此请求。",
  noDevices: () => "没有选择设备。",
  noBoardFile: ({ interpreter }) => `没有适用于解释器 ${interpreter} 的开发板文件。`,
};
