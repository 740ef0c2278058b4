-- How the questions below are put to a message. Nothing is kept from one message to
-- the next, nothing is sent or fetched.
local rspamd_regexp = require "rspamd_regexp"
local rspamd_util = require "rspamd_util"

-- A regular expression over octets (flag r).
local function regex(text, flags)
  return assert(rspamd_regexp.create(text, flags .. 'r'), 'no regular expression: ' .. text)
end

local function fields(task, names)
  local all = {}
  for _, name in ipairs(names) do
    for _, one in ipairs(task:get_header_full(name) or {}) do
      all[#all + 1] = one
    end
  end
  return all
end

-- A text in which every run of white space is one blank.
local function one_blank(value)
  return (value:gsub('%s+', ' '))
end

local function field(names, decoded, text, flags)
  local re = regex(text, flags)
  return function(task)
    for _, one in ipairs(fields(task, names)) do
      local value = decoded and one.decoded or one.value or ''
      if re:search(one_blank(value), true) then
        return true
      end
    end
    return false
  end
end

local function present(names)
  return function(task)
    return #fields(task, names) > 0
  end
end

local function absent(names)
  return function(task)
    return #fields(task, names) == 0
  end
end

-- A passage of the text, or of the text between tags that Rspamd does not show.
local function text_holds(text, flags, in_tags)
  local re, raw_re = regex(text, flags), regex(in_tags, flags)
  return function(task)
    for _, part in ipairs(task:get_text_parts() or {}) do
      local content, raw = part:get_content('content_oneline'), part:get_content('raw_utf')
      if content and re:search(content, true) or raw and raw_re:search(raw, true) then
        return true
      end
    end
    return false
  end
end

-- A link, or the name of a name space or document type, which is none to Rspamd.
local function link(text, flags, in_text)
  local re, raw_re = regex(text, flags), regex(in_text, flags .. 'm')
  return function(task)
    local urls = task:get_urls({protocols = {'http', 'https'}, images = true, content = true})
    for _, url in ipairs(urls or {}) do
      if re:search(url:get_text(), true) or re:search(url:get_raw(), true) then
        return true
      end
    end
    for _, part in ipairs(task:get_text_parts() or {}) do
      local content = part:get_content('raw_utf')
      if content and raw_re:search(content, true) then
        return true
      end
    end
    return false
  end
end

-- The boxes of a field, in lower case.
local function boxes(task, name)
  local all = {}
  for _, one in ipairs(fields(task, {name})) do
    local parsed = rspamd_util.parse_mail_address(one.value or '', task:get_mempool())
    for _, box in ipairs(parsed or {}) do
      if box.addr and box.addr:find('@', 1, true) then
        all[#all + 1] = {
          addr = box.addr:lower(),
          user = box.addr:match('^(.*)@'):lower(),
          domain = box.addr:match('@([^@]*)$'):lower(),
        }
      end
    end
  end
  return all
end

local function first_box(name, part)
  return function(task)
    local box = boxes(task, name)[1]
    return box and {box[part]} or {}
  end
end

local helo_re = regex([[(?:^from[ \t]+|(?:helo|ehlo)[ =]+)\[?([^\s()\[\]<>;,]{1,255})]], 'i')

-- The values that relations compare: each gives a list of texts in lower case.
local value = {}

function value.subject(task)
  local one = fields(task, {'subject'})[1]
  return {one and one.decoded and one.decoded:lower():match('^%s*(.-)%s*$') or nil}
end

function value.display_name(task)
  local author = (task:get_from('mime') or {})[1]
  return {author and author.name and author.name:lower() or nil}
end

function value.recipient(task)
  local all = {}
  for _, box in ipairs(boxes(task, 'to')) do
    all[#all + 1] = box.addr
  end
  return all
end

function value.helo(task)
  local all = {}
  for _, one in ipairs(fields(task, {'received'})) do
    for _, found in ipairs(helo_re:search(one.value or '', true, true) or {}) do
      all[#all + 1] = found[2]:lower()
    end
  end
  return all
end

function value.id_host(task)
  local one = fields(task, {'message-id'})[1]
  return {one and one.value and one.value:lower():match('@([^@<>%s]*)>?%s*$') or nil}
end

value.author = first_box('from', 'addr')
value.author_local_part = first_box('from', 'user')
value.author_domain = first_box('from', 'domain')
value.recipient_local_part = first_box('to', 'user')
value.reply_domain = first_box('reply-to', 'domain')

-- Whether some value of the left equals, or differs from, some of the right.
local function compared(left, right, equal, registrable)
  local function form(text)
    return registrable and rspamd_util.get_tld(text) or text
  end
  return function(task)
    for _, one in ipairs(left(task)) do
      for _, other in ipairs(right(task)) do
        if one ~= '' and other ~= '' and (form(one) == form(other)) == equal then
          return true
        end
      end
    end
    return false
  end
end

-- Registers the rules: each has clauses, each clause has numbers of questions, all of
-- which a message has to meet.
local function register(name, questions, rules)
  local function check(task)
    local known = {}
    local function met(n)
      if known[n] == nil then
        known[n] = questions[n](task)
      end
      return known[n]
    end
    local function met_all(clause)
      for _, n in ipairs(clause) do
        if not met(n) then
          return false
        end
      end
      return true
    end
    for _, rule in ipairs(rules) do
      for n, clause in ipairs(rule.clauses) do
        if met_all(clause) then
          task:insert_result(rule.name, 1.0, 'clause ' .. n)
          break
        end
      end
    end
  end
  local id = rspamd_config:register_symbol({name = name, type = 'callback', callback = check})
  for _, rule in ipairs(rules) do
    rspamd_config:register_symbol({name = rule.name, type = 'virtual', parent = id})
  end
end
