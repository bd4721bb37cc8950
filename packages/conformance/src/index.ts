export { adapterExam } from './adapter-exam.ts'
export type { ExamAnswer, ExamCall, ExamClient, MakeExamClient } from './exam-client.ts'
export { configSourceExam } from './config-source-exam.ts'
export type { ExamSection, ExamSource, MakeExamSource } from './config-source-exam.ts'
