package modelservers

// The words for what a server takes, as tania doctor says them.
const (
	noTools       = "no tools"
	noSystem      = "no system role"
	noTemperature = "no temperature"
	noUser        = "no user"
	noLimit       = "no length limit"
	streamed      = "answers only in a stream"
	plainSchema   = "a plain schema"
	smallContext  = "a context of"
	smallAnswers  = "answers of at most"
)

// Table has one row for each way in which a server differs.
var Table = []Server{
	{Name: "OpenAI", Source: "platform.openai.com/docs/api-reference/chat", Refuses: []Refusal{}},
	{
		Name: "OpenAI's reasoning models: the limit's name", Source: "github.com/ITSpecialist111/ai_automation_suggester/issues/38",
		Refuses: []Refusal{
			{
				When: HasMaxTokens, Status: 400,
				Body: `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}`,
			},
			{
				When: HasTemperature, Status: 400,
				Body: `{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}`,
			},
		}, Takes: noTemperature,
	},
	{
		Name:   "Azure AI Foundry with Mistral: user and the newer limit",
		Source: "github.com/BerriAI/litellm/issues/3899, github.com/pydantic/pydantic-ai/issues/6593", Refuses: []Refusal{
			{
				When: HasMaxCompletionTokens, Status: 422,
				Body: `{"error":{"code":"Invalid input","message":"invalid input error","status":422,"details":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":%d}]}}`,
			},
			{
				When: HasUser, Status: 422,
				Body: `{"detail":[{"type":"extra_forbidden","loc":["body","user"],"msg":"Extra inputs are not permitted","input":"3:1287"}]}`,
			},
		}, Takes: noUser,
	},
	{
		Name: "LiteLLM, which quotes the server behind it", Source: "github.com/BerriAI/litellm/issues/3899", Refuses: []Refusal{
			{
				When: HasUser, Status: 422,
				Body: `{"error":{"message":"OpenAIException - Error code: 422 - {'detail': [{'type': 'extra_forbidden', 'loc': ['body', 'user'], 'msg': 'Extra inputs are not permitted', 'input': 'tools', 'url': 'https://errors.pydantic.dev/2.6/v/extra_forbidden'}]}","type":null,"param":null,"code":422}}`,
			},
		}, Takes: noUser,
	},
	{
		Name: "Azure, a path to the part", Source: "github.com/microsoft/sample-app-aoai-chatGPT/issues/1260", Refuses: []Refusal{
			{
				When: HasMaxCompletionTokens, Status: 400,
				Body: `{"error":{"code":400,"message":"Validation error at #/max_completion_tokens: Extra inputs are not permitted\nValidation error at #/store: Extra inputs are not permitted"}}`,
			},
			{When: HasUser, Status: 400, Body: `{"error":{"code":400,"message":"Validation error at #/user: Extra inputs are not permitted"}}`},
		}, Takes: noUser,
	},
	{
		Name: "OpenRouter, no provider with tools", Source: "github.com/evalstate/fast-agent/issues/122", Refuses: []Refusal{
			{
				When: HasTools, Status: 404,
				Body: `{"error":{"message":"No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing","code":404}}`,
			},
		}, Takes: noTools,
	},
	{
		Name:   "OpenRouter, the provider's error in its metadata",
		Source: "openrouter.ai/docs/api-reference/errors, github.com/microsoft/vscode/issues/258088", Refuses: []Refusal{
			{
				When: HasTools, Status: 400,
				Body: `{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Function calling is not enabled for models/gemma-3-27b-it\",\"status\":\"INVALID_ARGUMENT\"}}","provider_name":"Google AI Studio"}}}`,
			},
		}, Takes: noTools,
	},
	{
		Name: "Ollama, a model without tools", Source: "github.com/FoundationAgents/OpenManus/issues/220", Refuses: []Refusal{
			{
				When: HasTools, Status: 400,
				Body: `{"error":{"message":"registry.ollama.ai/library/gemma3:4b does not support tools","type":"api_error","param":null,"code":null}}`,
			},
		}, Takes: noTools,
	},
	{
		Name: "vLLM without a tool parser", Source: "github.com/vllm-project/vllm/issues/9986", Refuses: []Refusal{
			{
				When: HasTools, Status: 400,
				Body: `{"object":"error","message":"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set","type":"BadRequestError","param":null,"code":400}`,
			},
		}, Takes: noTools,
	},
	{
		Name: "llama.cpp without templates", Source: "github.com/defilantech/LLMKube/issues/126", Refuses: []Refusal{
			{When: HasTools, Status: 500, Body: `{"error":{"code":500,"message":"tools param requires --jinja flag","type":"server_error"}}`},
		}, Takes: noTools,
	},
	{
		Name: "a server that has not got to tools", Source: "RFC 9110, 15.6.2", Refuses: []Refusal{
			{When: HasTools, Status: 501, Body: `{"detail":"Function calling is not implemented"}`},
		}, Takes: noTools,
	},
	{
		Name: "Gemini, which does not know all of JSON Schema", Source: "github.com/AstrBotDevs/AstrBot/issues/7572", Refuses: []Refusal{
			{
				When: HasStrictSchema, Status: 400,
				Body: `[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters': Cannot find field.","status":"INVALID_ARGUMENT"}}]`,
			},
		}, Takes: plainSchema,
	},
	{
		Name: "Gemini's Gemma, no system text and no tools", Source: "github.com/microsoft/vscode/issues/258088", Refuses: []Refusal{
			{
				When: HasSystem, Status: 400,
				Body: `[{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma-3-27b-it","status":"INVALID_ARGUMENT"}}]`,
			},
			{
				When: HasTools, Status: 400,
				Body: `[{"error":{"code":400,"message":"Function calling is not enabled for models/gemma-3-27b-it","status":"INVALID_ARGUMENT"}}]`,
			},
		}, Takes: noSystem,
	},
	{
		Name: "llama.cpp with Gemma's template", Source: "github.com/sgl-project/sglang/issues/892, github.com/nomic-ai/gpt4all/issues/3282",
		Refuses: []Refusal{
			{
				When: HasSystem, Status: 500,
				Body: `{"error":{"code":500,"message":"\n------------\nWhile executing CallExpression at line 1, column 93 in source:\n...raise_exception('System role not supported')\nError: Jinja Exception: System role not supported","type":"server_error"}}`,
			},
		}, Takes: noSystem,
	},
	{
		Name:   "llama.cpp with a template that counts the system's message as a turn",
		Source: "github.com/nextai-translator/raycast-openai-translator/issues/34", Refuses: []Refusal{
			{
				When: HasSystem, Status: 500,
				Body: `{"error":{"code":500,"message":"Error: Jinja Exception: Conversation roles must alternate user/assistant/user/assistant/...","type":"server_error"}}`,
			},
		}, Takes: noSystem,
	},
	{
		Name: "a template that takes one message", Source: "github.com/suitenumerique/conversations/issues/197, and a stricter form of it",
		Refuses: []Refusal{
			{
				When: HasSystem, Status: 400,
				Body: `{"object":"error","message":"Conversation roles must alternate user/assistant/user/assistant/...","type":"BadRequestError","code":400}`,
			},
			{
				When: HasTurns, Status: 400,
				Body: `{"object":"error","message":"The first message of the conversation must be of the user, and the roles must alternate","type":"BadRequestError","code":400}`,
			},
		}, Takes: noSystem,
	},
	{
		Name: "Ministral, which lists the roles that it takes", Source: "github.com/anomalyco/opencode/issues/5034", Refuses: []Refusal{
			{
				When: HasSystem, Status: 400,
				Body: `{"object":"error","message":"Only user, assistant and tool roles are supported, got system.","type":"BadRequestError","param":null,"code":400}`,
			},
		}, Takes: noSystem,
	},
	{
		Name: "Anthropic's own API behind a proxy", Source: "docs.anthropic.com/en/api/messages", Refuses: []Refusal{
			{
				When: HasSystem, Status: 400,
				Body: `{"type":"error","error":{"type":"invalid_request_error","message":"messages: Unexpected role \"system\". The Messages API accepts a top-level ` + "`system`" + ` parameter, not \"system\" as an input message role."}}`,
			},
		}, Takes: noSystem,
	},
	{
		Name: "o1-mini", Source: "github.com/Lambdua/openai4j/issues/62", Refuses: []Refusal{
			{
				When: HasSystem, Status: 400,
				Body: `{"error":{"message":"Unsupported value: 'messages[0].role' does not support 'system' with this model.","type":"invalid_request_error","param":"messages[0].role","code":"unsupported_value"}}`,
			},
		}, Takes: noSystem,
	},
	{
		Name: "Groq, a call written badly", Source: "github.com/groq/groq-typescript/issues/28", Passing: true, Refuses: []Refusal{
			{
				When: HasTools, Times: 1, Status: 400,
				Body: `{"error":{"message":"Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"<function=handoff{\"reason\": \"not supported\"}"}}`,
			},
		},
	},
	{
		Name: "Groq, a call written badly under 200", Source: "github.com/anomalyco/opencode/issues/1018", Passing: true, Refuses: []Refusal{
			{When: HasTools, Times: 1, Status: 200, Body: "event: error\ndata: " +
				`{"error":{"message":"Failed to call a function. Please adjust your prompt.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"Tool use failed: JSON does not match the expected schema for tool calls","status_code":400}}` + "\n\n"},
		},
	},
	{
		Name: "Groq, a tool that the model made up", Source: "github.com/mastra-ai/mastra/issues/9688", Passing: true, Refuses: []Refusal{
			{
				When: HasTools, Times: 1, Status: 400,
				Body: `{"error":{"message":"tool call validation failed: attempted to call tool 'brave_search' which was not in request.tools","type":"invalid_request_error","code":"tool_use_failed"}}`,
			},
		},
	},
	{
		Name: "Ollama, a call written badly", Source: "github.com/ollama/ollama/issues/12884", Passing: true, Refuses: []Refusal{
			{
				When: HasTools, Times: 1, Status: 500,
				Body: `{"error":{"message":"error parsing tool call: raw='{\"reason\": \"qu', err=unexpected end of JSON input","type":"api_error"}}`,
			},
		},
	},
	{
		Name: "llama.cpp, output that it cannot parse", Source: "github.com/ggml-org/llama.cpp/pull/18675", Passing: true, Refuses: []Refusal{
			{
				When: HasTools, Times: 1, Status: 500,
				Body: `{"error":{"code":500,"message":"Failed to parse input at pos 45: <|channel|>commentary","type":"server_error"}}`,
			},
		},
	},
	{
		Name: "Gemini, a call written badly", Source: "github.com/googleapis/python-genai/issues/1836", Passing: true, Refuses: []Refusal{
			{
				When: HasTools, Times: 1, Status: 200,
				Body: `{"choices":[{"index":0,"finish_reason":"function_call_filter: MALFORMED_FUNCTION_CALL","message":{"role":"assistant"}}]}`,
			},
		},
	},
	{
		Name: "vLLM, a context that is too small", Source: "github.com/FoundationAgents/OpenManus/issues/840", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"object":"error","message":"This model's maximum context length is 1500 tokens. However, you requested 99999 tokens (1200 in the messages, %d in the completion). Please reduce the length of the messages or completion.","type":"BadRequestError","param":null,"code":400}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "vLLM, newer", Source: "github.com/claude-code-best/claude-code/issues/272", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"error":{"message":"'max_tokens' or 'max_completion_tokens' is too large: %d. This model's maximum context length is 1500 tokens and your request has 1100 input tokens (800 > 1500 - 1100).","type":"BadRequestError","param":"max_tokens","code":400}}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "vLLM without a count", Source: "github.com/vllm-project/vllm/issues/4667", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"object":"error","message":"max_tokens must be at least 1, got -186.","type":"BadRequestError","param":null,"code":400}`,
			},
		}, Takes: "shorter",
	},
	{
		Name: "llama.cpp, a context that is too small", Source: "github.com/ggml-org/llama.cpp/pull/15780", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size or enable context shift","type":"exceed_context_size_error","n_prompt_tokens":1429,"n_ctx":1500}}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "llama-cpp-python", Source: "github.com/fedora-copr/logdetective-website/pull/193", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 500,
				Body: `{"error":{"message":"Requested tokens (2285) exceed context window of 1500","type":"internal_server_error","param":null,"code":null}}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "TGI", Source: "github.com/huggingface/huggingface_hub/issues/2763", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 422,
				Body: "{\"error\":\"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 1500. Given: 1240 `inputs` tokens and %d `max_new_tokens`\",\"error_type\":\"validation\"}",
			},
		}, Takes: smallContext,
	},
	{
		Name: "TGI under 200", Source: "github.com/huggingface/text-generation-inference/issues/2749", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 200,
				Body: "data: {\"error\":\"Input validation error: `inputs` must have less than 1500 tokens. Given: 1740\",\"error_type\":\"validation\"}\n\n",
			},
		}, Takes: smallContext,
	},
	{
		Name: "OpenAI, older: a prompt that is too long", Source: "github.com/smol-ai/developer/issues/7", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"error":{"message":"This model's maximum context length is 1500 tokens. However, your messages resulted in 1400 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "Anthropic, a prompt that is too long", Source: "github.com/anthropics/claude-code/issues/12186", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 1,420 tokens > 1,500 maximum"}}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "Anthropic, prompt and answer together", Source: "github.com/docker/docker-agent/issues/569", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"input length and `max_tokens` exceed context limit: 1220 + %d > 1500, decrease input length or `max_tokens` and try again\"}}",
			},
		}, Takes: smallContext,
	},
	{
		Name: "LM Studio, newer", Source: "github.com/Gitlawb/openclaude/issues/353", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"error":"The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 1455>= n_ctx: 1500). Try to load the model with a larger context length, or provide a shorter input."}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "LM Studio", Source: "github.com/lmstudio-ai/lmstudio-bug-tracker/issues/237", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"error":"Trying to keep the first 1456 tokens when context the overflows. However, the model is loaded with context length of only 1500 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input"}`,
			},
		}, Takes: "shorter",
	},
	{
		Name: "Groq, more than a minute's tokens", Source: "github.com/continuedev/continue/issues/10218", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 413,
				Body: "{\"error\":{\"message\":\"Request too large for model `llama` in organization `org_01` service tier `on_demand` on tokens per minute (TPM): Limit 1500, Requested 2137, please reduce your message size and try again.\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
			},
		}, Takes: smallContext,
	},
	{
		Name: "OpenAI, more than a minute's tokens", Source: "github.com/vanna-ai/vanna-flask/issues/11", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 429,
				Body: `{"error":{"message":"Request too large for gpt-4o on tokens per min (TPM): Limit 1500, Requested 2389. The input or output tokens must be reduced in order to run successfully.","type":"tokens","code":"rate_limit_exceeded"}}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "DashScope, the range of an answer", Source: "github.com/open-webui/open-webui/issues/10507", Refuses: []Refusal{
			{
				When: AsksFor(512), Status: 400,
				Body: `{"error":{"code":"invalid_parameter_error","param":null,"message":"Range of max_tokens should be [1, 512]","type":"invalid_request_error"}}`,
			},
		}, Takes: smallAnswers,
	},
	{
		Name: "OpenAI, an answer that is too long", Source: "github.com/ChatGPTNextWeb/NextChat/issues/3195", Refuses: []Refusal{
			{
				When: AsksFor(512), Status: 400,
				Body: `{"error":{"message":"max_tokens is too large: %d. This model supports at most 512 completion tokens, whereas you provided more.","type":"invalid_request_error","param":"max_tokens","code":"invalid_value"}}`,
			},
		}, Takes: smallAnswers,
	},
	{
		Name: "DashScope's QwQ, which only streams", Source: "github.com/FoundationAgents/OpenManus/issues/330", Refuses: []Refusal{
			{
				When: IsUnstreamed, Status: 400,
				Body: `{"error":{"code":"invalid_parameter_error","param":null,"message":"This model only support stream mode, please enable the stream parameter to access the model. ","type":"invalid_request_error"}}`,
			},
		}, Takes: streamed,
	},
	{
		Name: "DashScope's Qwen3, which thinks only in a stream", Source: "github.com/langchain4j/langchain4j/issues/3974", Refuses: []Refusal{
			{
				When: IsUnstreamed, Status: 400,
				Body: `{"error":{"code":"invalid_parameter_error","param":null,"message":"parameter.enable_thinking must be set to false for non-streaming calls","type":"invalid_request_error"}}`,
			},
		}, Takes: streamed,
	},
	{
		Name: "ModelScope behind a router", Source: "github.com/musistudio/claude-code-router/issues/948", Refuses: []Refusal{
			{
				When: IsUnstreamed, Status: 400,
				Body: "{\"error\":{\"message\":\"Error from provider(modelscope: 400): {\\\"error\\\":{\\\"code\\\":\\\"invalid_parameter_error\\\",\\\"message\\\":\\\"enable thinking can not be support when `stream=False`.\\\"}}\"}}",
			},
		}, Takes: streamed,
	},
	{Name: "a server that always streams", Source: "servers that pass over stream", Streams: true},
	{
		Name: "a server that knows no limit", Source: "OpenAI's words for an argument that it does not know", Refuses: []Refusal{
			{
				When: func(r Request) bool { return HasMaxTokens(r) || HasMaxCompletionTokens(r) }, Status: 400,
				Body: `{"error":{"message":"Unrecognized request argument supplied: max_tokens, max_completion_tokens","type":"invalid_request_error"}}`,
			},
		}, Takes: noLimit,
	},
	{
		Name: "Chinese words", Source: "github.com/alibaba/spring-ai-alibaba/issues/867", Refuses: []Refusal{
			{
				When: IsUnstreamed, Status: 400,
				Body: `{"error":{"code":"invalid_parameter_error","param":null,"message":"parameter.enable_thinking必须设置为false才能进行非流式调用","type":"invalid_request_error"}}`,
			},
		}, Takes: streamed,
	},
	{
		Name: "LM Studio with Mistral's template", Source: "github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1054", Refuses: []Refusal{
			{
				When: HasSystem, Status: 400,
				Body: `{"error":"Error rendering prompt with jinja template: \"Only user and assistant roles are supported!\". This is usually an issue with the model's prompt template."}`,
			},
		}, Takes: noSystem,
	},
	{
		Name: "OpenRouter, an account that is nearly used up", Source: "github.com/newo-ether/Agora/issues/8", Refuses: []Refusal{
			{
				When: AsksFor(300), Status: 402,
				Body: `{"error":{"message":"This request requires more credits, or fewer max_tokens. You requested up to %d tokens, but can only afford 300. To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account","code":402,"metadata":{"provider_name":null}}}`,
			},
		}, Takes: smallAnswers,
	},
	{
		Name: "GitHub Models", Source: "github.com/eslint/tsc-meetings/pull/593", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 413,
				Body: `{"error":{"code":"tokens_limit_reached","message":"Request body too large for gpt-4o model. Max size: 1500 tokens.","details":"Request body too large for gpt-4o model. Max size: 1500 tokens."}}`,
			},
		}, Takes: "shorter",
	},
	{
		Name: "Moonshot", Source: "github.com/MoonshotAI/kimi-cli/issues/2011", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"error":{"message":"Invalid request: Your request exceeded model token limit: 1500 (requested: 1905)","type":"invalid_request_error"}}`,
			},
		}, Takes: smallContext,
	},
	{
		Name: "DashScope, an input that is too long", Source: "github.com/usestrix/strix/issues/561", Refuses: []Refusal{
			{
				When: Tokens(1500), Status: 400,
				Body: `{"error":{"message":"<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 1500]","type":"invalid_request_error","param":null,"code":"invalid_parameter_error"}}`,
			},
		}, Takes: "shorter",
	},
	{
		Name: "a router's page for a body that is too large", Source: "RFC 9110, 15.5.14", Refuses: []Refusal{
			{When: Tokens(1500), Status: 413, Body: "<html><body><h1>413 Request Entity Too Large</h1></body></html>"},
		}, Takes: "shorter",
	},
	{
		Name: "DeepSeek's reasoner, older", Source: "github.com/dnakov/anon-kode/issues/10, github.com/lollipopkit/flutter_gpt_box/issues/213",
		Refuses: []Refusal{
			{
				When: HasTools, Status: 400,
				Body: `{"error":{"message":"deepseek-reasoner does not support Function Calling","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}`,
			},
			{
				When: HasTemperature, Status: 400,
				Body: `{"error":{"message":"deepseek-reasoner does not support the parameter 'temperature'","type":"invalid_request_error"}}`,
			},
		}, Takes: noTools,
	},
}
